// Several servers on one database that others look after, with a standby: servers are replaced one by one, and the primary is lost,
// while phones send without pause. No acknowledged knock is lost, and none is counted twice.
import * as grpc from '@grpc/grpc-js';
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Caller, CallError } from './support/caller';
import { collect } from './support/expect';
import { PostgresPair } from './support/postgres_pair';
import { access, canvass, organizing, territory, turf } from './support/protos';
import { binary, freePort, makeFolder } from './support/server';
import { generateTown, importTown } from './support/town';

const kReplicas = 3;
const kPhones = 4;
const kBatch = 20;

// One server of several. Its port stays its own.
class Replica {
  private child?: ChildProcess;
  constructor(readonly port: number, private readonly database: string, private readonly log: string) {}

  async start(): Promise<void> {
    const out = fs.openSync(this.log, 'a');
    this.child = spawn(binary, ['serve', '--listen', `127.0.0.1:${this.port}`, '--connections', '8'],
      { stdio: ['ignore', out, out], env: { ...process.env, SNOWFIELD_DATABASE: this.database } });
    const caller = new Caller(`127.0.0.1:${this.port}`);
    try {
      await caller.waitForReady(60);
    } finally {
      caller.close();
    }
  }
  async stop(): Promise<void> {
    const exit = once(this.child!, 'exit');
    this.child!.kill('SIGTERM');
    const [code] = await exit;
    assert.equal(code, 0, fs.readFileSync(this.log, 'utf8').slice(-2000));
  }
}

describe('several servers on one database', () => {
  const folder = makeFolder();
  const replicas: Replica[] = [];
  let pair: PostgresPair;
  let owner: Caller;
  let address: string; // all of them, balanced by the client
  let list: { number: string; doors: string[] };
  const phoneTokens: string[] = [];

  before(async () => {
    pair = await PostgresPair.start(path.join(folder, 'postgres'));
    const operatorToken = execFileSync(binary, ['migrate', '--operator-token-file', '-'],
      { env: { ...process.env, SNOWFIELD_OWNER_DATABASE: pair.ownerDatabase } }).toString().trim();
    pair.addServerRole();
    for (let i = 0; i < kReplicas; ++i) {
      replicas.push(new Replica(await freePort(), pair.serverDatabase, path.join(folder, `replica${i}.log`)));
    }
    await Promise.all(replicas.map((replica) => replica.start()));
    address = `ipv4:${replicas.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
    const operator = new Caller(address, operatorToken);
    owner = new Caller(address, (await operator.unary(access.CreateCampaign, { name: 'Replicas' })).token);
    operator.close();
    await importTown(owner, await generateTown(path.join(folder, 'town'), 300));
    const { universe } = await owner.unary(territory.CreateUniverse, { request_id: randomUUID(), universe: { name: 'All' } });
    const { cut } = await owner.unary(turf.StartCut, { request_id: randomUUID(), universe_id: universe!.universe_id });
    const ended = (await collect(owner.serverStream(turf.WatchCut, { cut_id: cut!.cut_id }))).at(-1)!.cut!;
    await owner.unary(turf.PublishCut, { cut_id: ended.cut_id });
    const leader = (await owner.unary(organizing.CreateMember,
      { request_id: randomUUID(), display_name: 'Bo', role: 'ROLE_LEADER', leader_id: '0' })).member!;
    const { turfs } = await owner.unary(turf.ListTurfs, { cut_id: ended.cut_id });
    const { assignments } = await owner.unary(turf.AssignTurfs, { leader_id: leader.member_id, turf_ids: [turfs[0].turf_id] });
    for (let i = 0; i < kPhones; ++i) {
      const { code } = await owner.unary(access.CreateEnrolmentCode, { member_id: leader.member_id });
      phoneTokens.push((await owner.unary(canvass.EnrolPhone, { code, label: `phone ${i}` })).token);
    }
    const phone = new Caller(address, phoneTokens[0]);
    await phone.unary(canvass.CheckOutWalkList, { list_number: assignments[0].list_number });
    const parts = await collect(phone.serverStream(canvass.DownloadWalkList, { list_number: assignments[0].list_number }));
    list = { number: assignments[0].list_number, doors: parts.flatMap((part) => part.doors).map((door) => door.door_id) };
    assert.ok(list.doors.length > 10);
    phone.close();
  });
  after(async () => {
    owner?.close();
    for (const replica of replicas) await replica.stop().catch(() => undefined);
    await pair?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  // Takes the servers in turn, as a client inside a cluster does by a headless service.
  const balanced = (token: string) => new Caller(address, token, grpc.credentials.createInsecure(),
    { 'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }) });
  let made = 0;
  let failures: string[] = [];

  // One phone that sends batches until told to stop, each again until it is answered.
  async function send(token: string, stop: AbortSignal): Promise<void> {
    const phone = balanced(token);
    while (!stop.aborted) {
      const knocks = Array.from({ length: kBatch }, () => ({
        knock_id: randomUUID(), list_number: list.number, door_id: list.doors[Math.floor(Math.random() * list.doors.length)],
        result: 'KNOCK_RESULT_NOT_HOME' as const, phone_time: { seconds: Math.floor(Date.now() / 1000), nanos: 0 },
      }));
      for (;;) {
        try {
          const { answers } = await phone.unary(canvass.SendKnocks, { knocks }, 10_000);
          for (const answer of answers) {
            assert.ok(['KNOCK_OUTCOME_ACCEPTED', 'KNOCK_OUTCOME_DUPLICATE'].includes(answer.outcome as string), answer.reason);
          }
          break;
        } catch (error) {
          if (!(error instanceof CallError)) throw error;
          failures.push(error.message);
          await sleep(100);
        }
      }
      made += kBatch;
    }
    phone.close();
  }

  async function whilePhonesSend(work: () => Promise<void>): Promise<void> {
    failures = [];
    const stop = new AbortController();
    const sending = phoneTokens.map((token) => send(token, stop.signal));
    try {
      await work();
    } finally {
      stop.abort();
      await Promise.all(sending);
    }
  }

  async function everyKnockIsThereOnce(): Promise<void> {
    const results = await owner.unary(canvass.GetResults, {});
    assert.equal(Number(results.knocks), made);
    assert.equal(Number(results.conflicts), 0);
  }

  it('are replaced one by one while phones send, and no call fails', async () => {
    await whilePhonesSend(async () => {
      for (const replica of replicas) {
        await sleep(500);
        await replica.stop();
        await sleep(500);
        await replica.start();
      }
    });
    assert.ok(made > kPhones * kBatch * 5, `${made} knocks`);
    assert.deepEqual(failures, []);
    await everyKnockIsThereOnce();
  });

  it('do a piece of background work once, whoever comes to it first', async () => {
    // Two cuts ordered at once through different servers, under one request id, are one.
    const requestId = randomUUID();
    const { universes } = await owner.unary(territory.ListUniverses, {});
    const cuts = await Promise.all(replicas.map(async ({ port }) => {
      const caller = new Caller(`127.0.0.1:${port}`, owner.token);
      const { cut } = await caller.unary(turf.StartCut, { request_id: requestId, universe_id: universes[0].universe_id });
      const ended = (await collect(caller.serverStream(turf.WatchCut, { cut_id: cut!.cut_id }))).at(-1)!.cut!;
      caller.close();
      return ended;
    }));
    assert.deepEqual(new Set(cuts.map((cut) => cut.cut_id)).size, 1);
    assert.equal(cuts[0].state, 'CUT_STATE_DONE');
  });

  it('lose nothing that was acknowledged when the primary dies and its standby takes over', async () => {
    const before = made;
    await whilePhonesSend(async () => {
      await sleep(1_500);
      pair.killFirst();
      await sleep(500);
      pair.promoteSecond();
      await sleep(3_000);
    });
    assert.ok(failures.length > 0, 'the phones noticed');
    assert.ok(made > before, 'and went on');
    await everyKnockIsThereOnce();
    assert.equal(pair.sql('second', 'select count(*) from knock'), String(made));
  });
});
