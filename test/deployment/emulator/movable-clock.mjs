/**
 * The test's clock for Node.js processes: the functions that the emulator runs, and the CDK. Preloaded by
 * NODE_OPTIONS=--import. KEYSWEEP_TEST_CLOCK names a file with the milliseconds from the machine's clock to this one;
 * it is read at every question, so that a warm function moves with it. Monotonic time and timers stay as they are.
 */
import { readFileSync } from 'node:fs';

const file = process.env.KEYSWEEP_TEST_CLOCK;
const MachineDate = Date;

function now() {
  return MachineDate.now() + Number(readFileSync(file, 'utf8'));
}

if (file !== undefined) {
  globalThis.Date = class MovedDate extends MachineDate {
    constructor(...given) {
      if (given.length === 0) super(now());
      else super(...given);
    }

    static now() {
      return now();
    }

    /** Dates that Node.js itself makes are Dates as well. */
    static [Symbol.hasInstance](value) {
      return value instanceof MachineDate;
    }
  };
}
