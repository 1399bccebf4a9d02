// Phone: a canvasser's app without its screens: enrol, take walk lists, knock offline, come back online.
//
//   const phone = new Phone({ folder, address: 'canvass.example.org:443', credentials });
//   await phone.enrol(code, "Ada's phone");
//   const list = await phone.take('12345678');
//   phone.knock(list.list_number, list.doors[0].door_id, { result: 'KNOCK_RESULT_NOT_HOME' }); // needs no network
//   await phone.run(signal); // sends, and reads what team mates did, until told to stop
//
// docs/sync.md says what each step promises, for those who write another one.
import type { ChannelCredentials } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Knock } from '../generated/snowfield/canvass/v1/Knock';
import type { KnockResult__Output } from '../generated/snowfield/canvass/v1/KnockResult';
import type { WalkListSummary__Output } from '../generated/snowfield/canvass/v1/WalkListSummary';
import { Backoff } from './backoff';
import { type Clock, phoneClock } from './clock';
import { CallError, type CanvassMethod, canvass, Connection } from './connection';
import { Outbox, type Sent } from './outbox';
import { type Lease, type OwnKnock, Store, type WalkList } from './store';

export interface PhoneOptions {
  folder: string; // the phone's own; one Phone at a time
  address: string;
  credentials?: ChannelCredentials; // TLS; without them plain text, for a server on this machine
  clock?: Clock;
  backoff?: Backoff;
  pollMs?: number; // between looks for changes while all is well
  deadlines?: Deadlines;
}

// How long to wait for an answer, in milliseconds.
export interface Deadlines {
  call: number;
  download: number;
  send: number;
}

export type KnockFacts = Omit<Knock, 'knock_id' | 'door_id' | 'list_number' | 'running_number' | 'phone_time' | 'boot_id'
  | 'monotonic_ms'> & { result: KnockResult__Output };

export interface Synced extends Sent {
  changes: number;
  erased: string[]; // numbers of lists that are gone from this phone
}

export class NotEnrolled extends Error {
  constructor() {
    super('this phone has no valid token: ask your leader for a code, and enrol; nothing that waits here is lost');
  }
}

const kDeadlines: Deadlines = { call: 10_000, download: 30_000, send: 30_000 };
const kLeaseMsMax = 48 * 3_600_000; // a server that says more, or a clock that makes it more, is not believed
const kLeaseMsDefault = 12 * 3_600_000;

export class Phone {
  readonly store: Store;
  private readonly connection: Connection;
  private readonly outbox: Outbox;
  private readonly clock: Clock;
  private readonly backoff: Backoff;
  private readonly pollMs: number;
  private readonly deadlines: Deadlines;
  private syncing: Promise<Synced> | undefined;

  constructor(options: PhoneOptions) {
    this.store = new Store(path.join(options.folder, 'snowfield.journal'));
    this.connection = new Connection(options.address, options.credentials);
    this.clock = options.clock ?? phoneClock;
    this.backoff = options.backoff ?? new Backoff();
    this.pollMs = options.pollMs ?? 15_000;
    this.deadlines = options.deadlines ?? kDeadlines;
    this.outbox = new Outbox(this.store, (request) => this.call(canvass.SendKnocks, request, this.deadlines.send));
    this.eraseExpired();
  }

  close(): void {
    this.connection.close();
    this.store.close();
  }

  get enrolled(): boolean {
    return this.store.enrolment !== undefined;
  }

  // A code works once: where the answer was lost, ask for another.
  async enrol(code: string, label: string): Promise<void> {
    const made = await this.connection.call(canvass.EnrolPhone, { code, label }, '', this.deadlines.call);
    this.store.enrolled({ token: made.token, phoneId: made.phone_id, memberId: made.member_id });
  }

  async walkLists(): Promise<WalkListSummary__Output[]> {
    const lists: WalkListSummary__Output[] = [];
    for (let page_token = '';;) {
      const page = await this.call(canvass.ListMyWalkLists, { page_token }, this.deadlines.call);
      lists.push(...page.walk_lists);
      if (page.next_page_token === '') return lists;
      page_token = page.next_page_token;
    }
  }

  // Checks the list out, and fetches it. Said again, it renews the time and fetches anew.
  async take(listNumber: string): Promise<WalkList> {
    const asked = this.clock.nowMs();
    const checkout = await this.call(canvass.CheckOutWalkList, { list_number: listNumber }, this.deadlines.call);
    const lease = this.leaseUntil(1000 * Number(checkout.expire_time!.seconds), asked);
    const list = await this.call(
      canvass.DownloadWalkList, { list_number: checkout.list_number }, this.deadlines.download);
    this.store.hold(list, lease);
    return list;
  }

  // Hands the list back. It is erased here only once the server knows; what waits in the outbox goes on waiting.
  async giveBack(listNumber: string): Promise<void> {
    await this.call(canvass.ReturnWalkList, { list_number: listNumber }, this.deadlines.call);
    this.store.erase(listNumber);
  }

  // Durable when it returns, with or without a network. Answers with the knock's id.
  knock(listNumber: string, doorId: string, facts: KnockFacts): string {
    const now = this.clock.nowMs();
    const knock: OwnKnock = {
      ...facts,
      knock_id: randomUUID(),
      door_id: doorId,
      list_number: listNumber,
      running_number: this.store.runningNumber + 1,
      phone_time: { seconds: Math.floor(now / 1000), nanos: Math.floor((now % 1000) * 1e6) },
      boot_id: this.clock.bootId,
      monotonic_ms: this.clock.monotonicMs(),
    };
    this.store.add(knock);
    return knock.knock_id;
  }

  // A correction is a knock of its own that names the one it takes the place of.
  correct(knockId: string, listNumber: string, doorId: string, facts: KnockFacts): string {
    return this.knock(listNumber, doorId, { ...facts, corrects_knock_id: knockId });
  }

  // Sends what waits, then reads what others did. Throws NotEnrolled, or the CallError that ended it. Two at once are one.
  sync(): Promise<Synced> {
    this.syncing ??= this.syncOnce().finally(() => {
      this.syncing = undefined;
    });
    return this.syncing;
  }

  // Syncs until told to stop, waiting longer after each failure. Ends by itself only when the token is no longer good.
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let wait = this.pollMs * (0.5 + Math.random());
      try {
        await this.sync();
        this.backoff.succeeded();
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        wait = this.backoff.nextMs(error.retryMs);
      }
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  // Lists whose time is over are erased, network or not. Called at each start and each sync; an app calls it when it
  // comes to the front, too.
  eraseExpired(): string[] {
    const expired = [...this.store.lists].filter(([, { lease }]) => this.isOver(lease)).map(([number]) => number);
    for (const number of expired) this.store.erase(number);
    return expired;
  }

  private async syncOnce(): Promise<Synced> {
    const erased = this.eraseExpired();
    const sent = await this.outbox.send();
    const read = await this.readChanges();
    return { ...sent, changes: read.changes, erased: [...erased, ...read.erased] };
  }

  private async readChanges(): Promise<{ changes: number; erased: string[] }> {
    const erased: string[] = [];
    let fetched = false;
    for (let changes = 0;;) {
      let news;
      try {
        news = await this.call(canvass.ListChanges, { change_token: this.store.changeToken }, this.deadlines.call);
      } catch (error) {
        if (fetched || !(error instanceof CallError) || error.mend !== 'fetch-again') throw error;
        await this.fetchAgain();
        fetched = true;
        continue;
      }
      this.store.changed(news.changes, news.change_token);
      changes += news.changes.length;
      for (const change of news.changes) {
        if (change.kind !== 'CHANGE_KIND_LIST_REVOKED' || !this.store.lists.has(change.list_number)) continue;
        this.store.erase(change.list_number);
        erased.push(change.list_number);
      }
      if (!news.more) return { changes, erased };
    }
  }

  // The token is older than what the server remembers: every list is fetched whole, then changes are read from the start
  // of what there is.
  private async fetchAgain(): Promise<void> {
    for (const listNumber of [...this.store.lists.keys()]) {
      try {
        const list = await this.call(canvass.DownloadWalkList, { list_number: listNumber }, this.deadlines.download);
        this.store.hold(list, this.store.lists.get(listNumber)!.lease);
      } catch (error) {
        // No longer this phone's: revoked or run out while it was away.
        if (!(error instanceof CallError) || error.mend !== 'give-up') throw error;
        this.store.erase(listNumber);
      }
    }
    this.store.changed([], '');
  }

  private async call<Request, Response>(
    method: CanvassMethod<Request, Response>, request: Request, deadlineMs: number,
  ): Promise<Response> {
    if (!this.store.enrolment) throw new NotEnrolled();
    try {
      return await this.connection.call(method, request, this.store.enrolment.token, deadlineMs);
    } catch (error) {
      if (error instanceof CallError && error.mend === 'enrol') throw new NotEnrolled();
      throw error;
    }
  }

  private leaseUntil(expireMs: number, askedMs: number): Lease {
    const said = expireMs - askedMs;
    const life = said > 0 && said <= kLeaseMsMax ? said : kLeaseMsDefault; // else this phone's clock is far off
    return {
      expireMs: askedMs + life,
      bootId: this.clock.bootId,
      expireMonotonicMs: this.clock.monotonicMs() + life,
    };
  }

  private isOver(lease: Lease): boolean {
    if (this.clock.nowMs() >= lease.expireMs) return true;
    return this.clock.bootId === lease.bootId && this.clock.monotonicMs() >= lease.expireMonotonicMs;
  }
}
