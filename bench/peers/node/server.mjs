// What people write in Node: fastify takes a picture, sharp decodes it, onnxruntime-node runs the model.
// MODEL, LABELS (files), SIDE, CHANNELS, PORT; THREADS of one run, WORKERS (processes).
import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import ort from 'onnxruntime-node';
import sharp from 'sharp';

const { MODEL, LABELS, PORT } = process.env;
const [side, channels, threads, workers] = ['SIDE', 'CHANNELS', 'THREADS', 'WORKERS'].map((name) => Number(process.env[name]));
const mean = [0.485, 0.456, 0.406];
const deviation = [0.229, 0.224, 0.225];

if (workers > 1 && cluster.isPrimary) for (let i = 0; i < workers; i++) cluster.fork();
else await serve();

async function serve() {
  sharp.concurrency(1);
  sharp.cache(false);
  const labels = readFileSync(LABELS, 'utf8').split('\n').filter(Boolean);
  const session = await ort.InferenceSession.create(MODEL, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  const [input] = session.inputNames;
  const [output] = session.outputNames;

  const app = fastify({ bodyLimit: 64 << 20 });
  app.addContentTypeParser(['image/jpeg', 'image/png'], { parseAs: 'buffer' }, (request, body, done) => done(null, body));
  app.get('/ready', () => 'ready');
  app.post('/classify', async (request) => {
    const tensor = new ort.Tensor('float32', await pixels(request.body), [1, channels, side, side]);
    const outputs = await session.run({ [input]: tensor });
    return { model_name: 'bench', predictions: best(outputs[output].data, labels) };
  });
  await app.listen({ host: '127.0.0.1', port: Number(PORT) });
}

async function pixels(picture) {
  if (channels === 1) {
    const grey = await sharp(picture).greyscale().resize(side, side, { fit: 'fill' }).raw().toBuffer();
    return Float32Array.from(grey, (value) => value / 255);
  }
  const edge = (256 - side) / 2;
  const rgb = await sharp(picture).resize(256, 256).extract({ left: edge, top: edge, width: side, height: side }).removeAlpha().raw().toBuffer();
  const plane = side * side;
  const floats = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const [factor, offset] = [1 / 255 / deviation[channel], -mean[channel] / deviation[channel]];
    for (let from = channel, to = channel * plane; from < rgb.length; from += 3, to++) floats[to] = rgb[from] * factor + offset;
  }
  return floats;
}

function best(logits, labels) {
  const largest = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power, index) => ({ label: labels[index], index, probability: power / sum }))
    .sort((a, b) => b.probability - a.probability).slice(0, 5);
}
