// Outbox: gets knocks to the server, each counted once, whatever happens to the phone, the network and the server.
//
// A knock is in the store before anybody is told that it was made, and stays there until the server has answered for it
// by its id. So a call that fails means only: send the whole again. One batch is under way at a time, oldest first, so
// that a correction never overtakes what it corrects.
import { CallError } from './connection';
import type { AdditionAnswer__Output } from '../generated/snowfield/canvass/v1/AdditionAnswer';
import type { KnockAnswer__Output } from '../generated/snowfield/canvass/v1/KnockAnswer';
import type { SendAdditionsRequest } from '../generated/snowfield/canvass/v1/SendAdditionsRequest';
import type { SendAdditionsResponse__Output } from '../generated/snowfield/canvass/v1/SendAdditionsResponse';
import type { SendKnocksRequest } from '../generated/snowfield/canvass/v1/SendKnocksRequest';
import type { SendKnocksResponse__Output } from '../generated/snowfield/canvass/v1/SendKnocksResponse';
import type { OwnAddition, OwnKnock, Store } from './store';

export const kBatchKnocksMax = 500; // what the server takes
const kBatchAdditions = 50; // what the server takes is 100
const kBatchKnocks = 100; // what is sent at once on a bad connection

export interface Sent {
  accepted: number;
  duplicate: number; // the server had them: an earlier answer was lost
  conflict: number;
  rejected: number;
}

// SendKnocks with the phone's token; throws CallError.
export type Send = (request: SendKnocksRequest) => Promise<SendKnocksResponse__Output>;
// SendAdditions, as well.
export type SendFound = (request: SendAdditionsRequest) => Promise<SendAdditionsResponse__Output>;

export class Outbox {
  private batchKnocks = kBatchKnocks;

  private batchAdditions = kBatchAdditions;

  constructor(private readonly store: Store, private readonly call: Send, private readonly callFound: SendFound) {}

  // Sends all that waits. Throws the CallError of the batch that failed; those before it are answered and done.
  async send(): Promise<Sent> {
    const sent: Sent = { accepted: 0, duplicate: 0, conflict: 0, rejected: 0 };
    const heldBack = new Set<string>();
    for (;;) {
      const batch = this.nextBatch(heldBack);
      if (batch.length === 0) return sent;
      const answers = await this.sendBatch(batch);
      if (!answers) continue; // sent again in smaller batches
      const done = answers.filter((answer) => !waitsForAnother(answer));
      for (const answer of answers) if (waitsForAnother(answer)) heldBack.add(answer.knock_id);
      this.store.answered(done);
      for (const { outcome } of done) {
        if (outcome === 'KNOCK_OUTCOME_ACCEPTED') ++sent.accepted;
        else if (outcome === 'KNOCK_OUTCOME_DUPLICATE') ++sent.duplicate;
        else if (outcome === 'KNOCK_OUTCOME_CONFLICT') ++sent.conflict;
        else ++sent.rejected;
      }
      // As if they had not been answered, the others go out again: never take one as done that no answer names.
      const answered = new Set(answers.map((answer) => answer.knock_id));
      for (const knock of batch) if (!answered.has(knock.knock_id)) heldBack.add(knock.knock_id);
    }
  }

  // Sends what was found in the field, as send() does; answers with how many are done.
  async sendAdditions(): Promise<number> {
    let done = 0;
    const heldBack = new Set<string>();
    for (;;) {
      const waiting = [...this.store.additions.values()].filter(({ addition_id }) => !heldBack.has(addition_id));
      if (waiting.length === 0) return done;
      const batch = waiting.slice(0, this.batchAdditions);
      const answers = await this.sendFoundBatch(batch);
      if (!answers) continue; // sent again in smaller batches
      this.store.additionsAnswered(answers);
      done += answers.length;
      const answered = new Set(answers.map((answer) => answer.addition_id));
      for (const { addition_id } of batch) if (!answered.has(addition_id)) heldBack.add(addition_id);
    }
  }

  private async sendFoundBatch(additions: OwnAddition[]): Promise<AdditionAnswer__Output[] | undefined> {
    try {
      const { answers } = await this.callFound({ additions });
      this.batchAdditions = Math.min(kBatchAdditions, 2 * this.batchAdditions);
      return answers;
    } catch (error) {
      if (!(error instanceof CallError) || error.mend !== 'smaller' || additions.length === 1) throw error;
      this.batchAdditions = Math.ceil(additions.length / 2);
      return undefined;
    }
  }

  private nextBatch(heldBack: Set<string>): OwnKnock[] {
    const batch: OwnKnock[] = [];
    for (const knock of this.store.waiting.values()) {
      if (batch.length === this.batchKnocks) break;
      if (!heldBack.has(knock.knock_id)) batch.push(knock);
    }
    return batch;
  }

  private async sendBatch(knocks: OwnKnock[]): Promise<KnockAnswer__Output[] | undefined> {
    try {
      const { answers } = await this.call({ knocks });
      this.batchKnocks = Math.min(kBatchKnocks, 2 * this.batchKnocks);
      return answers;
    } catch (error) {
      if (!(error instanceof CallError) || error.mend !== 'smaller' || knocks.length === 1) throw error;
      this.batchKnocks = Math.ceil(knocks.length / 2);
      return undefined;
    }
  }
}

// A correction of a knock that the server has not got yet: it goes out again after that one.
function waitsForAnother(answer: KnockAnswer__Output): boolean {
  return answer.outcome === 'KNOCK_OUTCOME_REJECTED' && answer.reason === 'CORRECTS_UNKNOWN';
}
