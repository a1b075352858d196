"""The stack of the 2018 recipe with today's names: Flask behind gunicorn and nginx, PyTorch in CNTK's place.

MODEL: fashion (its weights come out of FILE, an ONNX model) or the name of a torchvision network; LABELS: a file.
"""
import io
import os

import flask
import torch
from PIL import Image
from torch import nn
from torchvision import models, transforms

torch.set_num_threads(1)
torch.manual_seed(0)


def fashion(file):
    import onnx
    from onnx import numpy_helper
    network = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(64 * 7 * 7, 10))
    stored = {tuple(tensor.dims): torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in onnx.load(file).graph.initializer}
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(stored[tuple(parameter.shape)])
    return network


name = os.environ["MODEL"]
with open(os.environ["LABELS"], encoding="utf-8") as lines:
    labels = lines.read().splitlines()
if name == "fashion":
    model = fashion(os.environ["FILE"])
    prepare = transforms.Compose([transforms.Grayscale(), transforms.Resize((28, 28)), transforms.ToTensor()])
else:
    model = getattr(models, name)()
    prepare = transforms.Compose([
        transforms.Lambda(lambda picture: picture.convert("RGB")), transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
model.eval()
app = flask.Flask(__name__)


@app.get("/ready")
def ready():
    return "ready"


@app.post("/classify")
def classify():
    picture = Image.open(io.BytesIO(flask.request.get_data()))
    with torch.inference_mode():
        probabilities, indices = model(prepare(picture)[None])[0].softmax(0).topk(5)
    return {"model_name": name, "predictions": [
        {"label": labels[index], "index": index, "probability": probability} for probability, index in zip(probabilities.tolist(), indices.tolist())]}
