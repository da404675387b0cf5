/** Prints one line for each test, what went wrong in full, and "N passed, N failed" at the end. */
import { type TestEvent } from "node:test/reporters";
import { inspect } from "node:util";

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0;
  let failed = 0;
  for await (const event of events) {
    if (event.type === "test:stdout" || event.type === "test:stderr") yield event.data.message;
    if (event.type !== "test:pass" && event.type !== "test:fail") continue;
    if (event.data.details.type === "suite") continue;
    const seconds = (event.data.details.duration_ms / 1000).toFixed(1);
    if (event.type === "test:pass") {
      passed += 1;
      yield `ok      ${event.data.name} (${seconds} s)\n`;
    } else {
      failed += 1;
      yield `FAILED  ${event.data.name} (${seconds} s)\n${inspect(event.data.details.error.cause)}\n`;
    }
  }
  yield `${passed} passed, ${failed} failed\n`;
}
