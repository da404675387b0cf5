def finish(optimizer, scheduler=None):
    optimizer.step()
    optimizer.zero_grad()
    if scheduler is not None:
        scheduler.step()
