/** The page of the panel.  Texts of the user's script are shown as texts, whatever is in them. */
import { type PanelRequest, type ProbeEnd, type ProbeEvent, type ProbeFinding, type Verdict } from "../src/probeMessages.ts";
import { Chart } from "./chart.ts";

declare function acquireVsCodeApi(): { postMessage(message: PanelRequest): void };

const editor = acquireVsCodeApi();

const title = element("h1", "");
const state = element("p", "starting");
const more = element("p", "", "dim");
const cancel = button("Cancel", { kind: "cancel" });
const again = button("Run Again", { kind: "again" });
const curve = element("div", "");
curve.id = "chart";
const chart = new Chart(curve);
const phases = section("Phases");
const findings = section("Findings");
const answers = section("What the rules said");
const redirected = section("Kept away from your files");
const effects = section("Not kept away");
const output = section("The end of its output");
const sections = [phases, findings, answers, redirected, effects, output];

document.body.append(title, state, more, cancel, again, curve, ...sections.map(({ home }) => home));
addEventListener("message", ({ data }: MessageEvent<readonly ProbeEvent[]>) => {
  data.forEach(show);
});
editor.postMessage({ kind: "ready" });

function show(event: ProbeEvent): void {
  switch (event.kind) {
    case "start":
      start(event.name, event.command ?? "");
      break;
    case "hello":
      more.textContent = `torch ${event.torch}, Python ${event.python}, ${event.device}`;
      break;
    case "phase":
      state.textContent = event.text;
      phases.add(element("li", event.text));
      break;
    case "pulse":
      if (event.uri !== undefined && event.line !== undefined) {
        more.textContent = `${nameOf(event.uri)}:${event.line + 1}`;
      }
      break;
    case "loader":
      phases.add(element("li", `${event.role} batches of ${event.shapes}, first one in ${event.seconds.toFixed(1)} s`));
      break;
    case "step":
      chart.add(event.number, event.loss);
      more.textContent = `step ${event.number}, loss ${event.loss?.toPrecision(4) ?? "no number"}`;
      break;
    case "finding":
      findings.add(findingItem(event, event.severity));
      break;
    case "redirect":
      redirected.add(element("li", `${event.what}: ${event.path}`));
      break;
    case "effect":
      effects.add(element("li", `${event.what}: ${event.detail}`));
      break;
    case "verdict":
      draw(event);
      break;
    case "end":
      end(event);
  }
}

function start(name: string, command: string): void {
  title.textContent = `Overfit one batch: ${name}`;
  title.title = command;
  state.textContent = "starting";
  state.className = "";
  more.textContent = "";
  chart.clear();
  for (const one of sections) one.clear();
  cancel.hidden = false;
  again.hidden = true;
}

function end(event: ProbeEnd): void {
  const { verdict } = event;
  const isGood = event.ran && verdict?.word === "overfits";
  state.className = `verdict ${event.bad || !event.ran ? "bad" : isGood ? "good" : ""}`;
  state.textContent =
    verdict !== null && event.ran
      ? `${verdict.word}: ${verdict.sentence}`
      : [event.how, event.error, event.hint].filter((part) => part !== "").join(". ");
  const ending = event.ran && event.error !== "" ? `The script ended with ${event.error}. ` : "";
  more.textContent = event.cached
    ? `${ending}Nothing that ran has changed since then.`
    : `${ending}${event.seconds.toFixed(1)} seconds`;
  if (verdict !== null) draw(verdict);
  for (const answer of event.answers) answers.add(findingItem(answer, answer.answer));
  if (event.output !== "") output.add(element("pre", event.output));
  cancel.hidden = true;
  again.hidden = false;
}

function draw({ curve: losses, steps, floor }: Verdict): void {
  chart.replace(losses, steps);
  chart.mark(floor);
}

function findingItem(finding: ProbeFinding, word: string): HTMLElement {
  const item = element("li", "");
  const place = `${nameOf(finding.uri)}:${finding.line + 1}`;
  const link = button(place, { kind: "open", uri: finding.uri, line: finding.line });
  link.className = "link";
  item.append(link, ` ${word} ${finding.code} ${finding.name}: ${finding.message}`);
  return item;
}

interface Section {
  readonly home: HTMLElement;
  add(item: HTMLElement): void;
  clear(): void;
}

/** A list with a heading, which is there as long as it holds something. */
function section(heading: string): Section {
  const home = element("section", "");
  const list = element("ul", "");
  home.append(element("h2", heading), list);
  home.hidden = true;
  return {
    home,
    add: (item) => {
      list.append(item);
      home.hidden = false;
    },
    clear: () => {
      list.replaceChildren();
      home.hidden = true;
    },
  };
}

function button(text: string, request: PanelRequest): HTMLButtonElement {
  const made = document.createElement("button");
  made.textContent = text;
  made.addEventListener("click", () => {
    editor.postMessage(request);
  });
  return made;
}

function element(name: string, text: string, className = ""): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function nameOf(uri: string): string {
  const last = uri.slice(uri.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
