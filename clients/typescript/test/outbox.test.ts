// The outbox against every answer that a server can give, and against calls that fail before or after the server has
// done its work.
import * as grpc from '@grpc/grpc-js';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';

import type { KnockAnswer__Output } from '../generated/snowfield/canvass/v1/KnockAnswer';
import { CallError } from '../src/connection';
import { Outbox, type Send, type SendFound } from '../src/outbox';
import { type OwnKnock, Store } from '../src/store';

const newStore = () => new Store(path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'snowfield-outbox-')), 'journal'));

function fill(store: Store, count: number): OwnKnock[] {
  return Array.from({ length: count }, (_, i) => {
    const knock: OwnKnock = {
      knock_id: randomUUID(), door_id: String(i + 1), list_number: '12345674', running_number: store.runningNumber + 1,
      result: 'KNOCK_RESULT_NOT_HOME',
    };
    store.add(knock);
    return knock;
  });
}

const answer = (knock: OwnKnock, outcome: KnockAnswer__Output['outcome'], reason = ''): KnockAnswer__Output =>
  ({ knock_id: knock.knock_id, outcome, reason, field: '', message: '', flags: [] });

// As the server: each id once, a correction only after what it corrects.
class Ledger {
  readonly stored: string[] = [];
  batches = 0;
  take(knocks: OwnKnock[]): KnockAnswer__Output[] {
    ++this.batches;
    return knocks.map((knock) => {
      if (this.stored.includes(knock.knock_id)) return answer(knock, 'KNOCK_OUTCOME_DUPLICATE');
      if (knock.corrects_knock_id && !this.stored.includes(knock.corrects_knock_id)) {
        return answer(knock, 'KNOCK_OUTCOME_REJECTED', 'CORRECTS_UNKNOWN');
      }
      this.stored.push(knock.knock_id);
      return answer(knock, 'KNOCK_OUTCOME_ACCEPTED');
    });
  }
}

const through = (handle: (knocks: OwnKnock[]) => KnockAnswer__Output[]): Send =>
  async (request) => ({ answers: handle(request.knocks as OwnKnock[]) });

const nothingFound: SendFound = async () => ({ answers: [] });

const failure = (code: grpc.status, reason = '') => new CallError(code, reason, '', 0, 'test');

it('sends what waits in batches, oldest first, and holds nothing afterwards', async () => {
  const store = newStore();
  const knocks = fill(store, 150);
  const ledger = new Ledger();
  const sent = await new Outbox(store, through((batch) => ledger.take(batch)), nothingFound).send();
  assert.deepEqual(sent, { accepted: 150, duplicate: 0, conflict: 0, rejected: 0 });
  assert.deepEqual(ledger.stored, knocks.map((knock) => knock.knock_id));
  assert.equal(ledger.batches, 2);
  assert.equal(store.waiting.size, 0);
});

it('loses nothing and stores nothing twice, wherever calls break off and the phone dies', async () => {
  for (let seed = 1; seed <= 15; ++seed) {
    let state = seed;
    const chance = (share: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state / 2 ** 32 < share;
    };
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'snowfield-outbox-')), 'journal');
    let store = new Store(file);
    const made: string[] = [];
    const ledger = new Ledger();
    const flaky = through((batch) => {
      if (chance(0.3)) throw failure(grpc.status.UNAVAILABLE); // never got there
      const answers = ledger.take(batch);
      if (chance(0.3)) throw failure(grpc.status.DEADLINE_EXCEEDED); // done, but the answer was lost
      return chance(0.2) ? answers.slice(0, Math.ceil(answers.length / 2)) : answers;
    });
    for (let round = 0; round < 12 || store.waiting.size > 0; ++round) {
      if (round < 12) {
        const knocks = fill(store, 1 + (round % 4) * 4);
        if (made.length > 0 && chance(0.5)) {
          const correction = { ...knocks[0], knock_id: randomUUID(), running_number: store.runningNumber + 1,
            corrects_knock_id: made.at(-1)! };
          store.add(correction);
          knocks.push(correction);
        }
        made.push(...knocks.map((knock) => knock.knock_id));
      }
      await new Outbox(store, flaky, nothingFound).send().catch((error) => assert.ok(error instanceof CallError));
      if (chance(0.3)) {
        store.close();
        store = new Store(file); // the battery died
      }
    }
    assert.deepEqual([...ledger.stored].sort(), [...made].sort(), `seed ${seed}`);
    assert.equal(store.refused.size, 0, `seed ${seed}`);
    store.close();
  }
});

it('keeps what the server will not take, with the reason, and goes on with the rest', async () => {
  const store = newStore();
  const [good, rejected, conflict] = fill(store, 3);
  const outbox = new Outbox(store, through((batch) => batch.map((knock) => {
    if (knock.knock_id === rejected.knock_id) return answer(knock, 'KNOCK_OUTCOME_REJECTED', 'DOOR_NOT_ON_LIST');
    return answer(knock, knock.knock_id === conflict.knock_id ? 'KNOCK_OUTCOME_CONFLICT' : 'KNOCK_OUTCOME_ACCEPTED');
  })), nothingFound);
  assert.deepEqual(await outbox.send(), { accepted: 1, duplicate: 0, conflict: 1, rejected: 1 });
  assert.deepEqual([...store.refused.keys()], [rejected.knock_id, conflict.knock_id]);
  assert.equal(store.refused.get(rejected.knock_id)!.answer.reason, 'DOOR_NOT_ON_LIST');
  store.seen(rejected.knock_id);
  assert.equal(store.refused.size, 1);
  assert.ok(!store.waiting.has(good.knock_id));
});

it('sends smaller batches where the server takes no larger ones', async () => {
  const store = newStore();
  fill(store, 100);
  const ledger = new Ledger();
  const outbox = new Outbox(store, through((batch) => {
    if (batch.length > 7) throw failure(grpc.status.RESOURCE_EXHAUSTED);
    return ledger.take(batch);
  }), nothingFound);
  assert.equal((await outbox.send()).accepted, 100);
});

it('takes no knock as done that no answer names', async () => {
  const store = newStore();
  fill(store, 4);
  const first = through((batch) => batch.slice(0, 1).map((knock) => answer(knock, 'KNOCK_OUTCOME_ACCEPTED')));
  await new Outbox(store, first, nothingFound).send();
  assert.equal(store.waiting.size, 3);
});

it('keeps what was found until it is answered, wherever calls break off and the phone dies', async () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'snowfield-outbox-')), 'journal');
  let store = new Store(file);
  const made = Array.from({ length: 120 }, () => randomUUID());
  for (const addition_id of made) {
    store.found({ addition_id, list_number: '12345674', door_id: '7', people: [{ first_name: 'Noor' }] });
  }
  const stored = new Set<string>();
  const refused = made[17];
  let state = 4_711;
  const chance = (share: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32 < share;
  };
  const flaky: SendFound = async ({ additions }) => {
    if (additions!.length > 20) throw failure(grpc.status.RESOURCE_EXHAUSTED); // for something in between
    if (chance(0.3)) throw failure(grpc.status.UNAVAILABLE);
    const answers = additions!.map((addition) => {
      const addition_id = addition.addition_id!;
      const answered = { addition_id, reason: '', field: '', message: '' };
      if (addition_id === refused) return { ...answered, outcome: 'KNOCK_OUTCOME_REJECTED' as const, reason: 'NAME_MISSING' };
      const outcome = stored.has(addition_id) ? 'KNOCK_OUTCOME_DUPLICATE' as const : 'KNOCK_OUTCOME_ACCEPTED' as const;
      stored.add(addition_id);
      return { ...answered, outcome };
    });
    if (chance(0.3)) throw failure(grpc.status.DEADLINE_EXCEEDED); // done, but the answer was lost
    return { answers: chance(0.2) ? answers.slice(1) : answers };
  };
  for (let tries = 0; store.additions.size > 0; ++tries) {
    assert.ok(tries < 100);
    await new Outbox(store, through(() => []), flaky).sendAdditions()
      .catch((error) => assert.ok(error instanceof CallError));
    store.close();
    store = new Store(file); // the battery died
  }
  assert.equal(stored.size, 119);
  assert.deepEqual([...store.refusedAdditions.keys()], [refused]);
  assert.equal(fs.readFileSync(file, 'utf8').split('Noor').length - 1, 1, 'what was sent is off the disk');
  store.seen(refused);
  assert.equal(store.refusedAdditions.size, 0);
});

it('says what each failure means', () => {
  const mends = [
    [grpc.status.UNAVAILABLE, '', 'retry'], [grpc.status.DEADLINE_EXCEEDED, '', 'retry'],
    [grpc.status.RESOURCE_EXHAUSTED, 'OVERLOADED', 'retry'], [grpc.status.UNIMPLEMENTED, '', 'retry'],
    [grpc.status.INTERNAL, '', 'retry'], [grpc.status.PERMISSION_DENIED, '', 'retry'],
    [grpc.status.UNAUTHENTICATED, 'TOKEN_REVOKED', 'enrol'], [grpc.status.PERMISSION_DENIED, 'NOT_YOUR_LIST', 'give-up'],
    [grpc.status.INVALID_ARGUMENT, 'BATCH_TOO_LARGE', 'smaller'], [grpc.status.RESOURCE_EXHAUSTED, '', 'smaller'],
    [grpc.status.FAILED_PRECONDITION, 'FETCH_AGAIN', 'fetch-again'],
  ] as const;
  for (const [code, reason, mend] of mends) assert.equal(failure(code, reason).mend, mend, `${code} ${reason}`);
});
