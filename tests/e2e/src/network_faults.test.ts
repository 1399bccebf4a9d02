// Phones on a bad network, with batteries that die and a server that is killed: every knock that a phone made is stored
// once, and in the end every phone sees what the server has.
//   SNOWFIELD_FAULT_SEED=17 SNOWFIELD_FAULT_ROUNDS=200 node --test dist/src/network_faults.test.js
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Backoff, CallError, type Clock, NotEnrolled, Phone, phoneClock } from 'snowfield-phone';

import { Caller } from './support/caller';
import { collect } from './support/expect';
import { type Fault, FaultProxy } from './support/fault_proxy';
import { access, canvass, organizing, review, territory, turf } from './support/protos';
import { makeFolder, Server } from './support/server';
import { generateTown, importTown } from './support/town';

const kSeed = Number(process.env.SNOWFIELD_FAULT_SEED ?? 1 + Math.floor(Math.random() * 1e6));
const kRounds = Number(process.env.SNOWFIELD_FAULT_ROUNDS ?? 25);
const kResults = ['KNOCK_RESULT_NOT_HOME', 'KNOCK_RESULT_CANVASSED', 'KNOCK_RESULT_REFUSED'] as const;
type Result = (typeof kResults)[number] | 'KNOCK_RESULT_MOVED';
const kTriesMax = 20;
const kDeadlines = { call: 1_500, download: 3_000, send: 1_500 };

// Mulberry32: the same numbers for the same seed.
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

// One canvasser's phone behind its own stretch of network.
class Canvasser {
  phone: Phone;
  made = 0;
  found = 0; // people behind doors
  readonly doors = new Set<string>();

  private constructor(private readonly folder: string, readonly proxy: FaultProxy, private readonly clock: Clock) {
    this.phone = this.switchOn();
  }

  static async enrol(owner: Caller, memberId: string, folder: string, clock = phoneClock): Promise<Canvasser> {
    const canvasser = new Canvasser(folder, await FaultProxy.start(owner.address), clock);
    const { code } = await owner.unary(access.CreateEnrolmentCode, { member_id: memberId });
    await canvasser.phone.enrol(code, 'phone');
    return canvasser;
  }

  // What is in memory is lost; what the phone said it had is on its disk.
  batteryDies(): void {
    this.phone.close();
    this.phone = this.switchOn();
  }

  // The same phone, whose clock someone has set.
  withClock(clock: Clock): Canvasser {
    const other = new Canvasser(this.folder, this.proxy, clock);
    other.made = this.made;
    other.found = this.found;
    for (const door of this.doors) other.doors.add(door);
    return other;
  }

  private switchOn(): Phone {
    return new Phone({
      folder: this.folder, address: this.proxy.address, clock: this.clock, deadlines: kDeadlines,
      backoff: new Backoff({ firstMs: 10, mostMs: 200 }),
    });
  }

  knock(listNumber: string, doorId: string, result: Result): string {
    ++this.made;
    this.doors.add(doorId);
    return this.phone.knock(listNumber, doorId, { result });
  }

  meet(listNumber: string, doorId: string): void {
    this.phone.found(listNumber, { door_id: doorId, people: [{ first_name: 'Noor', last_name: `No. ${++this.found}` }] });
  }

  // Over a network that is well again.
  async syncAtLast(): Promise<void> {
    for (let tries = 0; !(await this.sync()); ++tries) assert.ok(tries < kTriesMax, 'the network is well again');
  }

  // Whether it got through.
  async sync(): Promise<boolean> {
    try {
      await this.phone.sync();
      return true;
    } catch (error) {
      if (!(error instanceof CallError) || error.mend !== 'retry') throw error;
      return false;
    }
  }
}

describe(`phones on a bad network (seed ${kSeed})`, () => {
  const folder = makeFolder();
  const random = dice(kSeed);
  const one = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)];
  let server: Server;
  let owner: Caller;
  let listNumber: string;
  let doorIds: string[];
  const canvassers: Canvasser[] = [];

  before(async () => {
    const town = await generateTown(path.join(folder, 'town'), 600);
    server = await Server.start(path.join(folder, 'data'));
    const operator = server.operator();
    owner = new Caller(server.address, (await operator.unary(access.CreateCampaign, { name: 'Faults' })).token);
    operator.close();
    await importTown(owner, town);
    const { universe } = await owner.unary(territory.CreateUniverse, { request_id: randomUUID(), universe: { name: 'All' } });
    const { cut } = await owner.unary(turf.StartCut, { request_id: randomUUID(), universe_id: universe!.universe_id });
    const ended = (await collect(owner.serverStream(turf.WatchCut, { cut_id: cut!.cut_id }))).at(-1)!.cut!;
    assert.equal(ended.state, 'CUT_STATE_DONE', ended.failure);
    await owner.unary(turf.PublishCut, { cut_id: ended.cut_id });
    const add = async (display_name: string, role: 'ROLE_LEADER' | 'ROLE_CANVASSER', leader_id = '0') =>
      (await owner.unary(organizing.CreateMember, { request_id: randomUUID(), display_name, role, leader_id })).member!;
    const leader = await add('Bo', 'ROLE_LEADER');
    const { turfs } = await owner.unary(turf.ListTurfs, { cut_id: ended.cut_id });
    const { assignments } = await owner.unary(turf.AssignTurfs, {
      leader_id: leader.member_id, turf_ids: [turfs[0].turf_id],
    });
    listNumber = assignments[0].list_number;
    for (const name of ['Di', 'Ed', 'Flo']) {
      const member = await add(name, 'ROLE_CANVASSER', leader.member_id);
      canvassers.push(await Canvasser.enrol(owner, member.member_id, path.join(folder, name)));
    }
    for (const { phone } of canvassers) {
      doorIds = (await phone.take(listNumber)).doors.map((door) => door.door_id);
    }
  });
  after(async () => {
    for (const { phone, proxy } of canvassers) {
      phone.close();
      await proxy.stop();
    }
    owner?.close();
    await server?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const made = () => canvassers.reduce((sum, canvasser) => sum + canvasser.made, 0);

  async function settle(): Promise<void> {
    for (const canvasser of canvassers) {
      canvasser.proxy.set({ kind: 'none' });
      canvasser.proxy.cut();
    }
    for (const canvasser of canvassers) await canvasser.syncAtLast();
    for (const canvasser of canvassers) await canvasser.syncAtLast(); // what the others sent last
  }

  async function everythingIsStoredOnce(): Promise<void> {
    await settle();
    const results = await owner.unary(canvass.GetResults, {});
    assert.equal(Number(results.knocks), made(), 'each knock once');
    assert.equal(Number(results.conflicts), 0);
    const knocked = new Set(canvassers.flatMap((canvasser) => [...canvasser.doors]));
    assert.equal(Number(results.doors_knocked), knocked.size);
    const [first, ...others] = canvassers.map(({ phone }) => doorIds.map((id) => phone.store.resultAt(listNumber, id)));
    for (const other of others) assert.deepEqual(other, first, 'all phones see the same');
    const held = canvassers[0].phone;
    const fresh = await held.take(listNumber);
    assert.deepEqual(fresh.doors.map((door) => door.last_result), first, 'and it is what the server has');
    const reviewed = await owner.unary(review.ListAdditions, { judged_too: true, page_size: 1000 });
    assert.equal(reviewed.additions.length, canvassers.reduce((sum, { found }) => sum + found, 0), 'what was found, once');
    for (const { phone } of canvassers) {
      assert.equal(phone.store.waiting.size + phone.store.additions.size, 0);
      assert.equal(phone.store.refused.size + phone.store.refusedAdditions.size, 0);
    }
  }

  const kFaults: (() => Fault)[] = [
    () => ({ kind: 'none' }),
    () => ({ kind: 'refused' }),
    () => ({ kind: 'cut', afterBytes: 50 + Math.floor(random() * 4_000) }),
    () => ({ kind: 'deaf' }),
    () => ({ kind: 'hole' }),
    () => ({ kind: 'slow', bytesPerSecond: 500 + Math.floor(random() * 20_000) }),
    () => ({ kind: 'doubled' }),
  ];

  it(`keeps every knock through ${kRounds} rounds of faults`, async () => {
    for (let round = 0; round < kRounds; ++round) {
      await Promise.all(canvassers.map(async (canvasser) => {
        canvasser.proxy.set(one(kFaults)());
        for (let knocks = Math.floor(random() * 8); knocks > 0; --knocks) {
          canvasser.knock(listNumber, one(doorIds), one(kResults));
        }
        if (random() < 0.3) canvasser.meet(listNumber, one(doorIds));
        if (random() < 0.2) canvasser.batteryDies();
        await canvasser.sync();
      }));
    }
    await everythingIsStoredOnce();
  });

  it('shows team mates each other’s doors within seconds', async () => {
    const [first, second] = canvassers;
    const stop = new AbortController();
    const running = [first, second].map(({ phone }) => phone.run(stop.signal));
    try {
      for (const [from, to] of [[first, second], [second, first]]) {
        const doorId = one(doorIds);
        const result = to.phone.store.resultAt(listNumber, doorId) === kResults[0] ? kResults[1] : kResults[0];
        from.knock(listNumber, doorId, result);
        const start = performance.now();
        while (to.phone.store.resultAt(listNumber, doorId) !== result) {
          assert.ok(performance.now() - start < 10_000, 'the other phone was told');
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    } finally {
      stop.abort();
      await Promise.all(running);
    }
    await everythingIsStoredOnce();
  });

  it('hands a list over in mid-shift, and takes back a knock that did not happen', async () => {
    const [first, second] = canvassers;
    const doorId = one(doorIds);
    const before = second.phone.store.resultAt(listNumber, doorId);
    const wrong = first.knock(listNumber, doorId, 'KNOCK_RESULT_MOVED');
    await first.syncAtLast();
    await second.syncAtLast();
    assert.equal(second.phone.store.resultAt(listNumber, doorId), 'KNOCK_RESULT_MOVED');
    first.phone.undo(wrong, listNumber, doorId);
    await first.syncAtLast();
    await second.syncAtLast();
    assert.equal(second.phone.store.resultAt(listNumber, doorId), before, 'the door is what it was');
    --first.made; // it does not count any more

    await second.phone.take(listNumber, { takeOver: true });
    const late = first.phone.knock(listNumber, doorId, { result: 'KNOCK_RESULT_NOT_HOME' });
    ++first.made;
    first.doors.add(doorId);
    const { erased, accepted } = await first.phone.sync();
    assert.deepEqual([erased, accepted], [[listNumber], 1], 'it is told, and what it still had is welcome');
    assert.ok(!first.phone.store.refused.has(late));
    for (const { phone } of canvassers) await phone.take(listNumber);
    await everythingIsStoredOnce();
  });

  it('finds somebody and a door on the list once a person has accepted them', async () => {
    const [first, second] = canvassers;
    const { people, position, street } = second.phone.store.lists.get(listNumber)!.list.doors[0];
    first.phone.found(listNumber, { door_id: doorIds[0], people: [{ first_name: 'Noor' }], note: 'at home' });
    first.phone.found(listNumber, {
      found_door: { house_number: '9001', street, position: { ...position!, longitude: position!.longitude + 0.00003 } },
      note: 'behind the yard',
    });
    first.found += 2;
    assert.equal((await first.phone.sync()).additions, 2);
    const { additions } = await owner.unary(review.ListAdditions, { page_size: 1000 });
    const person = additions.find(({ note, is_new_door }) => !is_new_door && note === 'at home')!;
    const door = additions.find(({ is_new_door }) => is_new_door)!;
    assert.ok(door.distance_m < 10);
    const accept = (addition_id: string) =>
      owner.unary(review.JudgeAddition, { addition_id, verdict: 'VERDICT_ACCEPTED' as const });
    await accept(person.addition_id);
    await second.syncAtLast();
    assert.equal(second.phone.store.lists.get(listNumber)!.list.doors[0].people.length, people.length + 1);

    const made = await accept(door.addition_id);
    assert.equal(made.set_aside_reason, '');
    const { erased } = await second.phone.sync();
    assert.deepEqual(erased, [listNumber], 'the walk goes past the new door: there is another list');
    const lists = await second.phone.walkLists();
    assert.equal(lists.length, 1);
    listNumber = lists[0].list_number;
    for (const { phone } of canvassers) {
      await phone.sync();
      doorIds = (await phone.take(listNumber)).doors.map(({ door_id }) => door_id);
    }
    assert.ok(doorIds.includes(made.door_id));
    first.knock(listNumber, made.door_id, 'KNOCK_RESULT_NOT_HOME');
    await everythingIsStoredOnce();
  });

  it('keeps every knock when the server is killed in the midst of them', async () => {
    for (let round = 0; round < 3; ++round) {
      const syncing = canvassers.map(async (canvasser) => {
        canvasser.proxy.set({ kind: 'none' });
        for (let batch = 0; batch < 6; ++batch) {
          for (let knocks = 0; knocks < 20; ++knocks) canvasser.knock(listNumber, one(doorIds), one(kResults));
          await canvasser.sync();
        }
      });
      await new Promise((resolve) => setTimeout(resolve, 30 + random() * 300));
      await server.kill();
      await Promise.all(syncing);
      server = await Server.start(server.data);
      owner.close();
      owner = new Caller(server.address, owner.token);
      for (const { proxy } of canvassers) proxy.retarget(server.address);
      await everythingIsStoredOnce();
    }
  });

  it('keeps every knock when clocks are years off and jump', async () => {
    const kDayMs = 86_400_000;
    // The second phone's clock: it begins years ahead, and is set back to years behind.
    let offsetMs = 1_000 * kDayMs;
    const clock: Clock = { ...phoneClock, nowMs: () => Date.now() + offsetMs };
    canvassers[1].phone.close();
    canvassers[1] = canvassers[1].withClock(clock);
    // Not behind this machine's clock: libfaketime does not reach the waits of the kernel, which would end at once.
    for (const clockDays of [400, 0]) {
      assert.equal(await server.stop(), 0, server.lastLog());
      server = await Server.start(server.data, { clockDays });
      owner.close();
      owner = new Caller(server.address, owner.token);
      for (const canvasser of canvassers) {
        canvasser.proxy.retarget(server.address);
        canvasser.proxy.cut();
        for (let knocks = 0; knocks < 5; ++knocks) canvasser.knock(listNumber, one(doorIds), one(kResults));
      }
      offsetMs -= 1_400 * kDayMs;
      // In a year that is too late the tokens have run out; what the phones have waits for better times.
      if (clockDays !== 0) for (const canvasser of canvassers) await assert.rejects(canvasser.sync(), NotEnrolled);
    }
    // By its own clock the second phone's time with the list was over, so it has erased it.
    assert.ok(!canvassers[1].phone.store.lists.has(listNumber));
    await settle();
    await canvassers[1].phone.take(listNumber);
    await everythingIsStoredOnce();
  });

  it('erases a list when its time is over, whatever the clock is set to, and still sends its knocks', async () => {
    let wall = Date.now();
    let monotonic = 1_000_000;
    const clock: Clock = { nowMs: () => wall, monotonicMs: () => monotonic, bootId: 'one boot' };
    const { members } = await owner.unary(organizing.ListMembers, { role: 'ROLE_CANVASSER' });
    const late = await Canvasser.enrol(owner, members[0].member_id, path.join(folder, 'late'), clock);
    try {
      await late.phone.take(listNumber);
      late.knock(listNumber, doorIds[0], 'KNOCK_RESULT_NOT_HOME');
      const journal = path.join(folder, 'late', 'snowfield.journal');
      const name = late.phone.store.lists.get(listNumber)!.list.doors.flatMap((door) => door.people)[0].last_name;
      assert.ok(fs.readFileSync(journal, 'utf8').includes(name));
      monotonic += 13 * 3_600_000;
      wall -= 365 * 86_400_000; // the clock was set back a year
      assert.deepEqual(late.phone.eraseExpired(), [listNumber]);
      assert.ok(!fs.readFileSync(journal, 'utf8').includes(name), 'nobody of the list is left on the disk');
      canvassers.push(late); // its knock counts with the others
      await late.syncAtLast();
      assert.equal(Number((await owner.unary(canvass.GetResults, {})).knocks), made());
    } finally {
      canvassers.splice(canvassers.indexOf(late), 1);
      late.phone.close();
      await late.proxy.stop();
    }
  });
});
