// What tests say often.
import assert from 'node:assert/strict';

import { CallError } from './caller';

// The call fails with this code, reason and field, and a message that a person can read. An unnamed reason or field is
// not looked at.
export async function assertFails(call: Promise<unknown>, code: string, reason?: string, field?: string): Promise<void> {
  const error = await call.then(
    () => assert.fail(`expected ${code} ${reason ?? ''}, but the call went through`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CallError)) throw error;
  assert.equal(error.code, code, error.message);
  if (reason !== undefined) assert.equal(error.reason, reason, error.message);
  if (reason !== undefined) assert.equal(error.domain, 'snowfield');
  if (field !== undefined) assert.equal(error.field, field, error.message);
  assert.ok(error.message.length > 0);
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
