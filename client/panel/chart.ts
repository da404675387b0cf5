/** The losses of the repeated batch, as they come. */
import uPlot from "uplot";

const HEIGHT = 240;

/** A curve that grows. */
export class Chart {
  private steps: number[] = [];
  private losses: (number | null)[] = [];
  private floor: number | null = null;
  private plot: uPlot | undefined;
  private isDue = false;

  constructor(private readonly home: HTMLElement) {
    new ResizeObserver(() => {
      this.plot?.setSize(this.size());
    }).observe(home);
  }

  clear(): void {
    this.steps = [];
    this.losses = [];
    this.floor = null;
    this.plot?.destroy();
    this.plot = undefined;
  }

  add(step: number, loss: number | null): void {
    this.steps.push(step);
    this.losses.push(loss);
    this.redraw();
  }

  /** All of the curve, in place of what was seen live. */
  replace(losses: readonly (number | null)[], steps: number): void {
    const every = Math.max(steps / Math.max(losses.length, 1), 1);
    this.steps = losses.map((_, index) => 1 + Math.round(index * every));
    this.losses = [...losses];
    this.redraw();
  }

  /** Below this the loss cannot get. */
  mark(floor: number | null): void {
    this.floor = floor;
    this.redraw();
  }

  /** Once for all that comes together. */
  private redraw(): void {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      if (this.steps.length === 0) return;
      this.plot ??= new uPlot(this.options(), this.data(), this.home);
      this.plot.setData(this.data());
    });
  }

  private data(): uPlot.AlignedData {
    return [this.steps, this.losses, this.steps.map(() => this.floor)];
  }

  private size(): { width: number; height: number } {
    return { width: Math.max(this.home.clientWidth, 200), height: HEIGHT };
  }

  private options(): uPlot.Options {
    const text = colour("--vscode-foreground");
    const axis: uPlot.Axis = { stroke: text, grid: { stroke: colour("--vscode-panel-border"), width: 1 } };
    return {
      ...this.size(),
      scales: { x: { time: false } },
      axes: [{ ...axis, label: "step" }, { ...axis, label: "loss" }],
      series: [
        { label: "step" },
        { label: "loss", stroke: colour("--vscode-charts-blue"), width: 2 },
        { label: "floor", stroke: colour("--vscode-charts-red"), dash: [6, 4] },
      ],
    };
  }
}

function colour(variable: string): string {
  return getComputedStyle(document.body).getPropertyValue(variable) || "gray";
}
