// pictures.mjs <photograph> <small picture> <folder>: makes the pictures that all are measured with.
import { mkdirSync } from 'node:fs';
import sharp from 'sharp';

const [photograph, small, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
await sharp(photograph).resize(500, 375).toColourspace('srgb').jpeg({ quality: 90 }).toFile(`${folder}/500x375.jpg`);
await sharp(small).greyscale().jpeg({ quality: 90 }).toFile(`${folder}/28x28.jpg`);
