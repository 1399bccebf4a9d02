// Phone: a canvasser's app without its screens: enrol, take walk lists, knock offline, come back online.
//
//   const phone = new Phone({ folder, address: 'canvass.example.org:443', credentials });
//   await phone.enrol(code, "Ada's phone");
//   const list = await phone.take('12345678');
//   phone.knock(list.list_number, list.doors[0].door_id, { result: 'KNOCK_RESULT_NOT_HOME' }); // needs no network
//   await phone.run(signal); // sends, and reads what team mates did, within seconds, until told to stop
//
// docs/sync.md says what each step promises, for those who write another one.
import type { ChannelCredentials } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Addition } from '../generated/snowfield/canvass/v1/Addition';
import type { Change__Output } from '../generated/snowfield/canvass/v1/Change';
import type { Knock } from '../generated/snowfield/canvass/v1/Knock';
import type { KnockResult__Output } from '../generated/snowfield/canvass/v1/KnockResult';
import type { WalkListSummary__Output } from '../generated/snowfield/canvass/v1/WalkListSummary';
import { Backoff } from './backoff';
import { type Clock, phoneClock } from './clock';
import { CallError, type CanvassMethod, canvass, Connection } from './connection';
import { Outbox, type Sent } from './outbox';
import { type Lease, type OwnAddition, type OwnKnock, Store, type WalkList } from './store';

export interface PhoneOptions {
  folder: string; // the phone's own; one Phone at a time
  address: string;
  credentials?: ChannelCredentials; // TLS; without them plain text, for a server on this machine
  clock?: Clock;
  backoff?: Backoff;
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

// What was found: people behind a door of the list (door_id), or a door that is on no list (found_door).
export type FoundFacts = Pick<Addition, 'door_id' | 'found_door' | 'people' | 'note'>;

// Pages of a list that are here, of a download that was cut.
interface Download {
  first: WalkList;
  doors: WalkList['doors'];
  nextPage: string;
}

export interface Synced extends Sent {
  additions: number; // that the server has answered for
  changes: number;
  erased: string[]; // numbers of lists that are gone from this phone
}

export class NotEnrolled extends Error {
  constructor() {
    super('this phone has no valid token: ask your leader for a code, and enrol; nothing that waits here is lost');
  }
}

const kDeadlines: Deadlines = { call: 10_000, download: 30_000, send: 30_000 };
const kPageDoors = 50; // a page is some kilobytes: what a bad connection carries in one go
const kWaitSeconds = 25;
const kWaitDeadlineMs = 35_000;
const kLeaseMsMax = 48 * 3_600_000; // a server that says more, or a clock that makes it more, is not believed
const kLeaseMsDefault = 12 * 3_600_000;

export class Phone {
  readonly store: Store;
  private readonly connection: Connection;
  private readonly outbox: Outbox;
  private readonly clock: Clock;
  private readonly backoff: Backoff;
  private readonly deadlines: Deadlines;
  private readonly downloads = new Map<string, Download>(); // by list number and known version
  private syncing: Promise<Synced> | undefined;
  private wake: () => void = () => undefined; // ends a wait for changes: there is something to send

  constructor(options: PhoneOptions) {
    this.store = new Store(path.join(options.folder, 'snowfield.journal'));
    this.connection = new Connection(options.address, options.credentials);
    this.clock = options.clock ?? phoneClock;
    this.backoff = options.backoff ?? new Backoff();
    this.deadlines = options.deadlines ?? kDeadlines;
    this.outbox = new Outbox(
      this.store,
      (request) => this.call(canvass.SendKnocks, request, this.deadlines.send),
      (request) => this.call(canvass.SendAdditions, request, this.deadlines.send),
    );
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

  // Checks the list out, and fetches it. Said again, it renews the time and fetches what has changed; after a failure it
  // goes on with the page that is missing. `takeOver`: the other phones that have it are told to erase it.
  async take(listNumber: string, { takeOver = false } = {}): Promise<WalkList> {
    const asked = this.clock.nowMs();
    const checkout = await this.call(
      canvass.CheckOutWalkList, { list_number: listNumber, take_over: takeOver }, this.deadlines.call);
    const lease = this.leaseUntil(1000 * Number(checkout.expire_time!.seconds), asked);
    const list = await this.download(checkout.list_number);
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
    const knock: OwnKnock = {
      ...facts,
      knock_id: randomUUID(),
      door_id: doorId,
      list_number: listNumber,
      running_number: this.store.runningNumber + 1,
      phone_time: this.phoneTime(),
      boot_id: this.clock.bootId,
      monotonic_ms: this.clock.monotonicMs(),
    };
    this.store.add(knock);
    this.wake();
    return knock.knock_id;
  }

  // A correction is a knock of its own that names the one it takes the place of.
  correct(knockId: string, listNumber: string, doorId: string, facts: KnockFacts): string {
    return this.knock(listNumber, doorId, { ...facts, corrects_knock_id: knockId });
  }

  // As if the knock had not happened.
  undo(knockId: string, listNumber: string, doorId: string): string {
    return this.knock(listNumber, doorId, {
      result: 'KNOCK_RESULT_UNSPECIFIED', corrects_knock_id: knockId, undo: true,
    });
  }

  // A door or people that are on no list, for someone above to review. Durable when it returns, as knock() is; answers
  // with its id. What became of it comes as a change of the list, if it was accepted.
  found(listNumber: string, facts: FoundFacts): string {
    const addition: OwnAddition = {
      ...facts,
      addition_id: randomUUID(),
      list_number: listNumber,
      phone_time: this.phoneTime(),
    };
    this.store.found(addition);
    this.wake();
    return addition.addition_id;
  }

  // Sends what waits, then reads what others did. Throws NotEnrolled, or the CallError that ended it. Two at once are one.
  sync(): Promise<Synced> {
    this.syncing ??= this.syncOnce().finally(() => {
      this.syncing = undefined;
    });
    return this.syncing;
  }

  // Syncs until told to stop: at once when there is something to send or to read, and later and later while calls fail.
  // Throws NotEnrolled when the token is no longer good.
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.sync();
        this.backoff.succeeded();
        if (!signal.aborted) await this.waitForNews(signal);
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        await this.pause(this.backoff.nextMs(error.retryMs), signal);
      }
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
    const additions = await this.outbox.sendAdditions();
    const read = await this.readChanges();
    return { ...sent, additions, changes: read.changes, erased: [...erased, ...read.erased] };
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
      erased.push(...await this.follow(news.changes));
      // Last: where the battery dies before, the same changes are read and followed once more.
      this.store.changed(news.changes, news.change_token);
      changes += news.changes.length;
      if (!news.more) return { changes, erased };
    }
  }

  // What changes mean for whole lists; answers with those that are erased.
  private async follow(changes: Change__Output[]): Promise<string[]> {
    const lists = (...kinds: Change__Output['kind'][]) => new Set(
      changes.filter(({ kind, list_number }) => kinds.includes(kind) && this.store.lists.has(list_number))
        .map(({ list_number }) => list_number));
    const over = lists('CHANGE_KIND_LIST_REVOKED', 'CHANGE_KIND_LIST_HANDED_OVER');
    for (const number of over) this.store.erase(number);
    for (const number of lists('CHANGE_KIND_LIST_CHANGED')) {
      if (!(await this.refetch(number))) over.add(number);
    }
    return [...over];
  }

  // False where the list is no longer this phone's: then it is erased.
  private async refetch(listNumber: string): Promise<boolean> {
    try {
      const list = await this.download(listNumber);
      this.store.hold(list, this.store.lists.get(listNumber)!.lease);
      return true;
    } catch (error) {
      // Revoked or run out while it was away.
      if (!(error instanceof CallError) || error.mend !== 'give-up') throw error;
      this.store.erase(listNumber);
      return false;
    }
  }

  // The token is older than what the server remembers: every list is fetched whole, then changes are read from the start
  // of what there is.
  private async fetchAgain(): Promise<void> {
    for (const listNumber of [...this.store.lists.keys()]) await this.refetch(listNumber);
    this.store.changed([], '');
  }

  // Page by page; pages that are here are not fetched twice.
  private async download(listNumber: string): Promise<WalkList> {
    const known_version = this.store.lists.get(listNumber)?.list.version ?? '';
    const key = `${listNumber} ${known_version}`;
    for (;;) {
      const begun = this.downloads.get(key);
      if (begun && begun.nextPage === '') {
        this.downloads.delete(key);
        const list = { ...begun.first, doors: begun.doors };
        if (!list.not_modified) return list;
        this.store.refresh(list);
        return this.store.lists.get(listNumber)!.list;
      }
      try {
        const page = await this.call(canvass.DownloadWalkList, {
          list_number: listNumber, page_doors: kPageDoors, page_token: begun?.nextPage ?? '', known_version,
        }, this.deadlines.download);
        this.downloads.set(key, {
          first: begun?.first ?? page, doors: [...(begun?.doors ?? []), ...page.doors], nextPage: page.next_page_token,
        });
      } catch (error) {
        if (!begun || !(error instanceof CallError) || error.mend !== 'fetch-again') throw error;
        this.downloads.delete(key); // it has changed since its first page
      }
    }
  }

  // Until there are changes on the server, or knocks here, or the server has nobody wait.
  private async waitForNews(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const woken = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    const ended = () => this.wake();
    signal.addEventListener('abort', ended);
    try {
      if (this.store.waiting.size > 0 || this.store.additions.size > 0) return;
      const answer = await Promise.race([woken, this.call(
        canvass.WaitChanges, { change_token: this.store.changeToken, wait_s: kWaitSeconds }, kWaitDeadlineMs, stop.signal)]);
      if (answer && answer.poll_after_s > 0) await this.pause(1000 * answer.poll_after_s * (0.5 + Math.random()), signal);
    } finally {
      stop.abort();
      signal.removeEventListener('abort', ended);
      this.wake = () => undefined;
    }
  }

  private phoneTime(): { seconds: number; nanos: number } {
    const now = this.clock.nowMs();
    return { seconds: Math.floor(now / 1000), nanos: Math.floor((now % 1000) * 1e6) };
  }

  private async pause(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }

  private async call<Request, Response>(
    method: CanvassMethod<Request, Response>, request: Request, deadlineMs: number, signal?: AbortSignal,
  ): Promise<Response> {
    if (!this.store.enrolment) throw new NotEnrolled();
    try {
      return await this.connection.call(method, request, this.store.enrolment.token, deadlineMs, signal);
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
