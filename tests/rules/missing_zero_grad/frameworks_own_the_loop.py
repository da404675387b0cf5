"""Frameworks that step and clear by themselves: nothing to say."""

import torch
import torch.nn.functional as F
from fastai.callback.core import Callback
from fastai.learner import Learner
from ignite.engine import Engine, Events, create_supervised_trainer
from skorch import NeuralNetClassifier
from torch import nn
from transformers import Trainer, TrainerCallback, TrainingArguments


class WeightedTrainer(Trainer):
    def compute_loss(self, model, inputs, return_outputs=False, **kwargs):
        labels = inputs.pop("labels")
        outputs = model(**inputs)
        loss = F.cross_entropy(outputs.logits, labels, weight=torch.tensor([1.0, 2.0]))
        return (loss, outputs) if return_outputs else loss

    def training_step(self, model, inputs, num_items_in_batch=None):
        model.train()
        inputs = self._prepare_inputs(inputs)
        loss = self.compute_loss(model, inputs)
        self.accelerator.backward(loss)
        return loss.detach() / self.args.gradient_accumulation_steps


class Progress(TrainerCallback):
    def on_step_end(self, args, state, control, **kwargs):
        print(state.global_step)


def huggingface(model, train_dataset):
    args = TrainingArguments(output_dir="out", num_train_epochs=1)
    trainer = WeightedTrainer(model=model, args=args, train_dataset=train_dataset, callbacks=[Progress()])
    trainer.train()


def ignite_built_in(model, loader):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    trainer = create_supervised_trainer(model, optimizer, nn.CrossEntropyLoss())
    trainer.run(loader, max_epochs=1)


def ignite_own_step(model, loader):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def update(engine, batch):
        model.train()
        optimizer.zero_grad()
        x, y = batch
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    trainer = Engine(update)

    @trainer.on(Events.ITERATION_COMPLETED(every=10))
    def log(engine):
        print(engine.state.output)

    trainer.run(loader, max_epochs=1)


def ignite_cleared_by_a_handler(model, loader):
    """The clear is a handler: nobody in sight calls it."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def update(engine, batch):
        x, y = batch
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    trainer = Engine(update)

    @trainer.on(Events.ITERATION_STARTED)
    def clear(engine):
        optimizer.zero_grad()

    trainer.run(loader, max_epochs=1)


class Mixup(Callback):
    def before_batch(self):
        lam = torch.rand(1).item()
        self.learn.xb = (self.x * lam + self.x.flip(0) * (1 - lam),)


def fastai_learner(dls, model):
    learn = Learner(dls, model, loss_func=nn.CrossEntropyLoss(), cbs=[Mixup()])
    learn.fit_one_cycle(1)


def skorch_net(X, y):
    net = NeuralNetClassifier(nn.Linear(20, 2), max_epochs=10, lr=0.1)
    net.fit(X, y)
