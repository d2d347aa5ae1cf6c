#!/usr/bin/env python3
"""Trains well-known classifiers on one CSV (label,text) and asks them about another; one line of JSON each.

Called by the accuracy benchmark with --peers. Needs python3-sklearn; fastText only if its command is there (Debian: fasttext).
"""
import csv
import json
import os
import pickle
import re
import resource
import shutil
import subprocess
import sys
import tempfile
# So many predictions are timed.
TIMED = 1000


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row["label"] for row in rows]


def cpu():
    return sum(resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def report(name, trained, predicted, size, answers, confidences):
    """One line of JSON: what it took, and its answer to every test text."""
    print(json.dumps({"name": name, "cpuSeconds": trained, "predictMicros": predicted, "megabytes": size / 1e6,
                      "answers": list(answers), "confidences": confidences and list(confidences)}), flush=True)


def pipeline(name, model, train, test):
    begin = cpu()
    model.fit(*train)
    trained = cpu() - begin
    confidences = None
    if hasattr(model, "predict_proba"):
        probabilities = model.predict_proba(test[0])
        answers = [str(model.classes_[best]) for best in probabilities.argmax(axis=1)]
        confidences = [float(row.max()) for row in probabilities]
    else:
        answers = [str(answer) for answer in model.predict(test[0])]
    # One by one, as a service would.
    some = test[0][:TIMED]
    begin = cpu()
    for text in some:
        model.predict([text])
    report(name, trained, 1e6 * (cpu() - begin) / len(some), len(pickle.dumps(model)), answers, confidences)


def fasttext(train, test):
    """Settings of the fastText tutorial for text classification: 25 epochs, rate 1.0, word pairs."""
    with tempfile.TemporaryDirectory() as folder:
        labels = {label: f"__label__{number}" for number, label in enumerate(sorted(set(train[1])))}
        plain = lambda text: re.sub(r"\s+", " ", text.lower())
        files = {}
        for part, (texts, truth) in {"train": train, "test": test}.items():
            files[part] = os.path.join(folder, part)
            with open(files[part], "w", encoding="utf-8") as out:
                out.writelines(f"{labels.get(label, '__label__none')} {plain(text)}\n" for text, label in zip(texts, truth))
        model = os.path.join(folder, "model")
        begin = cpu()
        subprocess.run(["fasttext", "supervised", "-input", files["train"], "-output", model, "-epoch", "25", "-lr", "1.0",
                        "-wordNgrams", "2", "-thread", "2"], check=True, capture_output=True)
        trained = cpu() - begin
        begin = cpu()
        found = subprocess.run(["fasttext", "predict-prob", model + ".bin", files["test"]], check=True, capture_output=True, text=True)
        predicted = 1e6 * (cpu() - begin) / len(test[0])
        names = {number: label for label, number in labels.items()}
        answers = [line.split() for line in found.stdout.splitlines()]
        report("fastText, word pairs, 25 epochs", trained, predicted, os.path.getsize(model + ".bin"),
               [names[answer[0]] for answer in answers], [min(1.0, float(answer[1])) for answer in answers])


def main():
    try:
        import numpy
        from sklearn.calibration import CalibratedClassifierCV
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline, make_union
        from sklearn.svm import LinearSVC
    except ImportError:
        print("scikit-learn is not installed (Debian: python3-sklearn): no peers to compare with.", file=sys.stderr)
        return
    # Labels as an array: the calibration of version 1.2 counts them with ==.
    train, test = [(texts, numpy.array(labels)) for texts, labels in (read(path) for path in sys.argv[1:3])]
    words = dict(ngram_range=(1, 2), sublinear_tf=True)
    characters = dict(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    pipeline("scikit-learn, 500 tf-idf terms + logistic regression",
             make_pipeline(TfidfVectorizer(max_features=500), LogisticRegression(max_iter=1000)), train, test)
    pipeline("scikit-learn, tf-idf 1-2 grams + LinearSVC",
             make_pipeline(TfidfVectorizer(**words), LinearSVC()), train, test)
    pipeline("scikit-learn, tf-idf 1-2 grams + LinearSVC, calibrated on 5 folds",
             make_pipeline(TfidfVectorizer(**words), CalibratedClassifierCV(LinearSVC(), cv=5)), train, test)
    pipeline("scikit-learn, words + characters + LinearSVC",
             make_pipeline(make_union(TfidfVectorizer(**words), TfidfVectorizer(**characters)), LinearSVC()), train, test)
    if shutil.which("fasttext"):
        fasttext(train, test)


main()
