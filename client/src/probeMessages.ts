/** What the server tells of a probe, and what the panel and the extension tell each other. */

/** A place in a file of the user's; lines count from 0. */
interface Place {
  readonly uri: string;
  readonly line: number;
}

export interface ProbeFinding extends Place {
  readonly code: string;
  readonly name: string;
  readonly severity: string;
  readonly message: string;
}

export interface Verdict {
  readonly word: string;
  readonly sentence: string;
  readonly steps: number;
  /** The losses of all steps, or as many of them as can be drawn. */
  readonly curve: readonly (number | null)[];
  readonly floor: number | null;
  readonly accuracy: number | null;
}

export interface ProbeEnd {
  readonly kind: "end";
  readonly how: string;
  readonly ran: boolean;
  readonly bad: boolean;
  readonly error: string;
  readonly hint: string;
  readonly seconds: number;
  readonly verdict: Verdict | null;
  readonly answers: readonly (ProbeFinding & { readonly answer: string })[];
  readonly output: string;
  readonly cached: boolean;
}

export type ProbeEvent =
  | { readonly kind: "start"; readonly name: string; readonly command?: string; readonly steps?: number }
  | { readonly kind: "hello"; readonly torch: string; readonly python: string; readonly device: string }
  | { readonly kind: "phase"; readonly name: string; readonly text: string }
  | ({ readonly kind: "pulse" } & Partial<Place>)
  | { readonly kind: "loader"; readonly role: string; readonly shapes: string; readonly seconds: number }
  | { readonly kind: "step"; readonly number: number; readonly loss: number | null }
  | ({ readonly kind: "finding" } & ProbeFinding)
  | { readonly kind: "redirect"; readonly what: string; readonly path: string }
  | { readonly kind: "effect"; readonly what: string; readonly detail: string }
  | ({ readonly kind: "verdict" } & Verdict)
  | ProbeEnd;

/** The server's notification. */
export interface ProbeMessage {
  readonly script: string;
  readonly events: readonly ProbeEvent[];
}

/** From the panel to the extension. */
export type PanelRequest =
  | { readonly kind: "ready" }
  | { readonly kind: "cancel" }
  | { readonly kind: "again" }
  | { readonly kind: "open"; readonly uri: string; readonly line: number };
