#!/usr/bin/python3
"""Trains the two versions of the sample classifier and writes every other file of this folder except the README.

    train.py              train, write, then check (five to ten minutes on two cores)
    train.py --check      only run the ONNX files that are here over the test set
"""
import argparse
import gzip
import json
import pathlib
import shutil

import cv2
import numpy as np
import onnx
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).resolve().parent
LABELS = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
GOLDEN = ["Sneaker", "Trouser", "Bag"]
OPSET = 13
MODEL = {
    "task": "image-classification",
    "labels": "labels.txt",
    "preprocess": {"width": 28, "height": 28, "fit": "stretch", "color": "gray", "layout": "nchw", "scale": 1 / 255},
    "postprocess": {"softmax": True, "topK": 5},
}


def read(dataset, part):
    """Images as bytes [n,28,28] and their labels, from the IDX files of MNIST."""
    images = gzip.decompress((dataset / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((dataset / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    return np.frombuffer(images, np.uint8, offset=16).reshape(-1, 28, 28), np.frombuffer(labels, np.uint8, offset=8).astype(np.int64)


def preprocess(images):
    """What the server does with a grey picture, so training must do the same and no more."""
    return images[:, None].astype(np.float32) * np.float32(1 / 255)


def linear():
    return nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 10))


def convolutional():
    def block(channels_in, channels_out):
        return [nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False), nn.BatchNorm2d(channels_out), nn.ReLU()]

    return nn.Sequential(
        *block(1, 16), nn.MaxPool2d(2),
        *block(16, 32), nn.MaxPool2d(2),
        *block(32, 64), nn.Flatten(), nn.Linear(64 * 7 * 7, 10))


def train(model, images, labels, epochs, rate, flip):
    rows, targets = torch.from_numpy(preprocess(images)), torch.from_numpy(labels)
    optimizer = torch.optim.Adam(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, epochs=epochs, steps_per_epoch=-(-len(rows) // 128))
    print(model, flush=True)
    for epoch in range(epochs):
        total = 0.0
        for batch in torch.randperm(len(rows)).split(128):
            x = rows[batch]
            if flip:
                x = torch.where(torch.rand(len(x), 1, 1, 1) < 0.5, x.flip(3), x)
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), targets[batch])
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(x)
        print(f"  epoch {epoch + 1}/{epochs}: loss {total / len(rows):.4f}", flush=True)
    return model.eval()


def export(model, path):
    path.parent.mkdir()
    torch.onnx.export(model, torch.zeros(1, 1, 28, 28), str(path), opset_version=OPSET, input_names=["image"], output_names=["logits"],
                      dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}})


def run(path, images):
    """Logits of the ONNX file itself, by OpenCV: Debian has no ONNX Runtime for Python."""
    network = cv2.dnn.readNetFromONNX(str(path))
    logits = []
    for start in range(0, len(images), 500):
        network.setInput(preprocess(images[start:start + 500]))
        logits.append(network.forward().copy())
    return np.concatenate(logits)


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def slug(label):
    return label.split("/")[0].lower().replace(" ", "-")


def save(image, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image, "L").save(path, optimize=True)


def describe(folder, golden):
    (folder / "labels.txt").write_text("\n".join(LABELS) + "\n", newline="\n")
    (folder / "model.json").write_text(json.dumps({**MODEL, "golden": golden}, indent=2) + "\n", newline="\n")


def golden_picture(label, expected=None):
    return {"image": f"golden/{slug(label)}.png", "label": expected or label, "atLeast": 0.6}


def choose(labels, weak, strong):
    """The first test picture of each label that both versions surely get right, and the first that only version 2 does."""
    truth = np.arange(len(labels)), labels
    both = (weak[truth] >= 0.7) & (strong[truth] >= 0.9)
    pictures = {slug(name): int(np.flatnonzero(both & (labels == label))[0]) for label, name in enumerate(LABELS)}
    only_second = int(np.flatnonzero((weak.argmax(axis=1) != labels) & (strong[truth] >= 0.9))[0])
    pictures[slug(LABELS[labels[only_second]]) + "-hard"] = only_second
    return pictures


def write_pictures(images, labels):
    pictures = choose(labels, *(softmax(run(HERE / version / "model.onnx", images)) for version in "12"))
    for name, index in pictures.items():
        save(images[index], HERE / "images" / f"{name}.png")
    boot = Image.fromarray(images[pictures["ankle-boot"]], "L")
    boot.resize((280, 280), Image.Resampling.BICUBIC).save(HERE / "images" / "ankle-boot-large.jpg", quality=90)
    return pictures


def write_versions(images, pictures):
    for version in "12":
        folder = HERE / version
        for label in GOLDEN:
            save(images[pictures[slug(label)]], folder / "golden" / f"{slug(label)}.png")
        golden = [golden_picture(label) for label in GOLDEN]
        if version == "2":
            row = images[pictures["ankle-boot"]][None]
            preprocess(row).astype("<f4").tofile(folder / "golden" / "image.bin")
            run(folder / "model.onnx", row).astype("<f4").tofile(folder / "golden" / "logits.bin")
            golden.append({"inputs": {"image": "golden/image.bin"}, "outputs": {"logits": "golden/logits.bin"}, "tolerance": 0.001})
        describe(folder, golden)


def write_broken(images, pictures):
    """Versions to try refusals with: a file cut in half, and a golden sample that no honest model passes."""
    whole = (HERE / "1" / "model.onnx").read_bytes()
    for name, content, expected in [("corrupt", whole[:len(whole) // 2], "Sneaker"), ("golden", whole, "Trouser")]:
        folder = HERE / "broken" / name
        save(images[pictures["sneaker"]], folder / "golden" / "sneaker.png")
        (folder / "model.onnx").write_bytes(content)
        describe(folder, [golden_picture("Sneaker", expected)])


def check(images, labels):
    for version in "12":
        path = HERE / version / "model.onnx"
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        assert model.ir_version <= 9 and path.stat().st_size < 500_000, path
        assert [(o.domain, o.version) for o in model.opset_import] == [("", OPSET)], path
        assert not any(t.external_data for t in model.graph.initializer), path
        right = (run(path, images).argmax(axis=1) == labels).mean()
        print(f"version {version}: {path.stat().st_size} bytes, test accuracy {right:.2%}")
        for name in sorted((HERE / "images").iterdir()):
            picture = np.asarray(Image.open(name).convert("L").resize((28, 28)))
            probabilities = softmax(run(path, picture[None]))[0]
            print(f"  {name.name:20} {LABELS[probabilities.argmax()]:12} {probabilities.max():.3f}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--dataset", type=pathlib.Path, default="/usr/share/datasets/fashion-mnist", help="the four IDX files (%(default)s)")
    arguments.add_argument("--check", action="store_true", help="train and write nothing")
    options = arguments.parse_args()
    torch.manual_seed(2018)
    torch.set_num_threads(2)
    torch.use_deterministic_algorithms(True)
    test = read(options.dataset, "t10k")
    if not options.check:
        training = read(options.dataset, "train")
        for folder in ["1", "2", "images", "broken"]:
            shutil.rmtree(HERE / folder, ignore_errors=True)
        export(train(linear(), *training, epochs=3, rate=0.005, flip=False), HERE / "1" / "model.onnx")
        export(train(convolutional(), *training, epochs=10, rate=0.01, flip=True), HERE / "2" / "model.onnx")
        pictures = write_pictures(*test)
        write_versions(test[0], pictures)
        write_broken(test[0], pictures)
    check(*test)


if __name__ == "__main__":
    main()
