// Clock: what a phone knows of the time: what its clock says, which may be wrong or be changed, and how long it has been
// on, which is neither.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';

export interface Clock {
  nowMs(): number; // since 1970, by the phone's clock
  monotonicMs(): number; // since the boot or some other moment of it
  readonly bootId: string; // another one after each boot
}

function bootIdOfThisMachine(): string {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return randomUUID(); // of this process, then: monotonicMs() counts from its start as far as anyone can tell
  }
}

export const phoneClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => Math.floor(Number(process.hrtime.bigint() / 1_000_000n)),
  bootId: bootIdOfThisMachine(),
};
