import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Backoff } from '../src/backoff';

it('waits longer after each failure, up to a limit, and from anew after a success', () => {
  const backoff = new Backoff({ firstMs: 1_000, mostMs: 60_000 }, () => 1);
  const waits = Array.from({ length: 8 }, () => backoff.nextMs());
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  backoff.succeeded();
  assert.equal(backoff.nextMs(), 1_000);
});

it('never comes back sooner than the server asked', () => {
  for (const luck of [0, 0.5, 1]) assert.ok(new Backoff(undefined, () => luck).nextMs(5_000) >= 5_000);
});

it('spreads a thousand phones that failed at the same moment', () => {
  const waits = Array.from({ length: 1000 }, () => {
    const backoff = new Backoff({ firstMs: 1_000, mostMs: 300_000 });
    for (let i = 0; i < 5; ++i) backoff.nextMs();
    return backoff.nextMs();
  });
  const perSecond = new Map<number, number>();
  for (const wait of waits) perSecond.set(Math.floor(wait / 1000), (perSecond.get(Math.floor(wait / 1000)) ?? 0) + 1);
  assert.ok(Math.max(...perSecond.values()) < 80, 'about 31 in each of 32 seconds');
});
