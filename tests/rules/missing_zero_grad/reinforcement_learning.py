"""Policy gradients, Q-learning and actor-critic, as in the usual repositories."""

import copy
import random
from collections import deque

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.distributions import Categorical


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.affine1 = nn.Linear(4, 32)
        self.affine2 = nn.Linear(32, 2)
        self.saved_log_probs = []
        self.rewards = []

    def forward(self, x):
        x = F.relu(self.affine1(x))
        return F.softmax(self.affine2(x), dim=1)


policy = Policy()
optimizer = optim.Adam(policy.parameters(), lr=1e-2)


def select_action(state):
    probs = policy(state.unsqueeze(0))
    m = Categorical(probs)
    action = m.sample()
    policy.saved_log_probs.append(m.log_prob(action))
    return action.item()


def finish_episode():
    R = 0
    returns = deque()
    for r in policy.rewards[::-1]:
        R = r + 0.99 * R
        returns.appendleft(R)
    policy_loss = []
    for log_prob, R in zip(policy.saved_log_probs, returns):
        policy_loss.append(-log_prob * R)
    optimizer.zero_grad()
    loss = torch.cat(policy_loss).sum()
    loss.backward()
    optimizer.step()
    del policy.rewards[:]
    del policy.saved_log_probs[:]


def finish_episode_forgetting():
    losses = [-lp * r for lp, r in zip(policy.saved_log_probs, policy.rewards)]
    loss = torch.cat(losses).sum()
    loss.backward()  #! TRK003 "`optimizer`"
#   ^^^^^^^^^^^^^^^
    optimizer.step()
    del policy.rewards[:]
    del policy.saved_log_probs[:]


def reinforce():
    for episode in range(3):
        for t in range(5):
            select_action(torch.randn(4))
            policy.rewards.append(1.0)
        finish_episode()


def reinforce_forgetting():
    for episode in range(3):
        for t in range(5):
            select_action(torch.randn(4))
            policy.rewards.append(1.0)
        finish_episode_forgetting()


class DQNAgent:
    def __init__(self, lr=1e-3):
        self.q_net = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 2))
        self.target_net = copy.deepcopy(self.q_net)
        self.optimizer = optim.Adam(self.q_net.parameters(), lr=lr)
        self.memory = deque(maxlen=1000)

    def update(self, states, actions, rewards, next_states):
        q = self.q_net(states).gather(1, actions.unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            target = rewards + 0.99 * self.target_net(next_states).max(1)[0]
        loss = F.smooth_l1_loss(q, target)
        self.optimizer.zero_grad()
        loss.backward()
        for param in self.q_net.parameters():
            param.grad.data.clamp_(-1, 1)
        self.optimizer.step()
        return loss.item()

    def update_forgetting(self, states, actions, rewards, next_states):
        q = self.q_net(states).gather(1, actions.unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            target = rewards + 0.99 * self.target_net(next_states).max(1)[0]
        loss = F.smooth_l1_loss(q, target)
        loss.backward()  #! TRK003 "`self.optimizer`"
        self.optimizer.step()
        return loss.item()

    def run(self, steps=5):
        for step in range(steps):
            batch = (torch.randn(8, 4), torch.randint(0, 2, (8,)), torch.randn(8), torch.randn(8, 4))
            self.update(*batch)
            if step % 2 == 0:
                self.target_net.load_state_dict(self.q_net.state_dict())

    def run_forgetting(self, steps=5):
        for step in range(steps):
            batch = (torch.randn(8, 4), torch.randint(0, 2, (8,)), torch.randn(8), torch.randn(8, 4))
            self.update_forgetting(*batch)


class ActorCritic:
    """DDPG: the actor's loss runs through the critic, which is cleared before its own use."""

    def __init__(self):
        self.actor = nn.Linear(4, 1)
        self.critic = nn.Linear(5, 1)
        self.critic_target = copy.deepcopy(self.critic)
        self.actor_optimizer = optim.Adam(self.actor.parameters(), lr=1e-4)
        self.critic_optimizer = optim.Adam(self.critic.parameters(), lr=1e-3)

    def train(self, iterations=4):
        for it in range(iterations):
            state, action = torch.randn(8, 4), torch.randn(8, 1)
            target_q = self.critic_target(torch.cat([state, action], 1)).detach()
            critic_loss = F.mse_loss(self.critic(torch.cat([state, action], 1)), target_q)
            self.critic_optimizer.zero_grad()
            critic_loss.backward()
            self.critic_optimizer.step()

            actor_loss = -self.critic(torch.cat([state, self.actor(state)], 1)).mean()
            self.actor_optimizer.zero_grad()
            actor_loss.backward()
            self.actor_optimizer.step()

            for p, tp in zip(self.critic.parameters(), self.critic_target.parameters()):
                tp.data.copy_(0.005 * p.data + 0.995 * tp.data)

    def train_wrong(self, iterations=4):
        """The critic's clear is lost, so the actor's loss stays in it too."""
        for it in range(iterations):
            state, action = torch.randn(8, 4), torch.randn(8, 1)
            target_q = self.critic_target(torch.cat([state, action], 1)).detach()
            critic_loss = F.mse_loss(self.critic(torch.cat([state, action], 1)), target_q)
            critic_loss.backward()  #! TRK003 "`self.critic_optimizer`"
            self.critic_optimizer.step()

            actor_loss = -self.critic(torch.cat([state, self.actor(state)], 1)).mean()
            self.actor_optimizer.zero_grad()
            actor_loss.backward()
            self.actor_optimizer.step()


def ppo(agent, obs, old_logprob, advantages, epochs=2):
    opt = optim.Adam(agent.parameters(), lr=2.5e-4)
    inds = list(range(len(obs)))
    for epoch in range(epochs):
        random.shuffle(inds)
        for start in range(0, len(inds), 4):
            mb = inds[start : start + 4]
            ratio = (agent(obs[mb]).mean(1) - old_logprob[mb]).exp()
            pg_loss = -(advantages[mb] * ratio).mean()
            opt.zero_grad()
            pg_loss.backward()
            nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
            opt.step()


def ppo_forgetting(agent, obs, old_logprob, advantages, epochs=2):
    opt = optim.Adam(agent.parameters(), lr=2.5e-4)
    inds = list(range(len(obs)))
    for epoch in range(epochs):
        random.shuffle(inds)
        for start in range(0, len(inds), 4):
            mb = inds[start : start + 4]
            ratio = (agent(obs[mb]).mean(1) - old_logprob[mb]).exp()
            pg_loss = -(advantages[mb] * ratio).mean()
            pg_loss.backward()  #! TRK003 "`opt`"
            nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
            opt.step()


if __name__ == "__main__":
    reinforce()
    reinforce_forgetting()
    agent = DQNAgent()
    agent.run()
    DQNAgent().run_forgetting()
    ActorCritic().train()
    ActorCritic().train_wrong()
