// What the server refuses, how it says so, and that nothing half-done is left behind.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { AddressRow } from '../generated/snowfield/territory/v1/AddressRow';
import { Caller } from './support/caller';
import { assertFails, collect } from './support/expect';
import { importRows, inBatches } from './support/imports';
import { access, canvass, followUp, organizing, territory, turf } from './support/protos';
import { makeFolder, Server } from './support/server';
import { generateTown } from './support/town';

const kBigTownDoors = 30_000;

describe('what the server refuses', () => {
  const folder = makeFolder();
  let server: Server;
  let owner: Caller;
  let stranger: Caller; // the owner of another campaign

  const newCampaign = async (name: string) => {
    const operator = server.operator();
    const { token } = await operator.unary(access.CreateCampaign, { name });
    operator.close();
    return new Caller(server.address, token);
  };
  const address = (number: number, facts: Partial<AddressRow> = {}): AddressRow => ({
    line: number + 1, external_id: `a${number}`, house_number: String(number), street: 'Elm Street',
    position: { longitude: -77 + number * 1e-4, latitude: 38.9 }, ...facts,
  });
  const doorsOf = async (caller: Caller) => Number((await caller.unary(territory.GetTerritory, {})).doors);

  before(async () => {
    server = await Server.start(path.join(folder, 'data'));
    owner = await newCampaign('Refusals');
    stranger = await newCampaign('Another');
  });
  after(async () => {
    owner?.close();
    stranger?.close();
    await server?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('a call without a token, or with one that is not known', async () => {
    const calls: ((caller: Caller) => Promise<unknown>)[] = [
      (caller) => caller.unary(access.WhoAmI, {}),
      (caller) => caller.unary(territory.GetTerritory, {}),
      (caller) => caller.unary(turf.ListCuts, {}),
      (caller) => caller.unary(organizing.ListMembers, {}),
      (caller) => caller.unary(canvass.ListMyWalkLists, {}),
      (caller) => caller.unary(followUp.ListFollowUps, {}),
      (caller) => collect(caller.serverStream(turf.ExportTurfs, { cut_id: 1 })),
      (caller) => importRows(caller, { kind: 'IMPORT_KIND_ADDRESSES', dataset: 'none' }, []),
    ];
    const forged = owner.token.slice(0, -4) + (owner.token.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    for (const [token, reason] of [['', 'TOKEN_MISSING'], ['nonsense', 'TOKEN_UNKNOWN'], [forged, 'TOKEN_UNKNOWN']]) {
      const caller = new Caller(server.address, token);
      for (const call of calls) await assertFails(call(caller), 'UNAUTHENTICATED', reason);
      caller.close();
    }
  });

  it('a campaign that is not made by the operator', async () => {
    await assertFails(owner.unary(access.CreateCampaign, { name: 'Mine' }), 'PERMISSION_DENIED', 'PERMISSION_MISSING');
  });

  it('values that can never be right, naming the field', async () => {
    const member = { request_id: randomUUID(), display_name: 'X', role: 'ROLE_LEADER' as const };
    const cases: [string, () => Promise<unknown>][] = [
      ['target_doors', () => owner.unary(turf.StartCut, { request_id: randomUUID(), target_doors: 0 })],
      ['request_id', () => owner.unary(turf.StartCut, { request_id: 'not-a-uuid' })],
      ['page_size', () => owner.unary(turf.ListCuts, { page_size: -1 })],
      ['page_token', () => owner.unary(turf.ListCuts, { page_token: 'made up' })],
      ['display_name', () => owner.unary(organizing.CreateMember, { ...member, display_name: '' })],
      ['role', () => owner.unary(organizing.CreateMember, { ...member, role: 'ROLE_UNSPECIFIED' })],
      ['days', () => owner.unary(access.CreateToken, { member_id: 1, days: 4000 })],
    ];
    for (const [field, call] of cases) await assertFails(call(), 'INVALID_ARGUMENT', undefined, field);
    await assertFails(
      owner.unary(turf.StartCut, { request_id: randomUUID(), target_doors: 0 }),
      'INVALID_ARGUMENT', 'TARGET_OUT_OF_RANGE', 'target_doors');
  });

  it('a cut of no doors', async () => {
    await assertFails(owner.unary(turf.StartCut, { request_id: randomUUID() }), 'FAILED_PRECONDITION', 'NO_DOORS');
  });

  it('rows that no map can hold, one by one, with line and reason', async () => {
    const { summary, issues } = await importRows(owner, { kind: 'IMPORT_KIND_ADDRESSES', dataset: 'mixed' }, [{
      addresses: [
        address(1),
        address(2, { position: { longitude: NaN, latitude: 38.9 } }),
        address(3, { position: { longitude: 500, latitude: 95 } }),
        address(4, { position: null }),
        address(5, { house_number: '' }),
        address(6),
      ],
    }]);
    const rejected = issues.filter((issue) => !issue.taken);
    assert.deepEqual(rejected.map((issue) => Number(issue.line)), [3, 4, 5, 6]);
    assert.deepEqual(rejected.slice(0, 2).map((issue) => issue.reason), ['COORDINATE_NOT_FINITE', 'COORDINATE_OUT_OF_RANGE']);
    assert.ok(rejected.every((issue) => issue.field && issue.message), 'each names the field and the mend');
    assert.equal(Number(summary.inserted), 2);
    assert.equal(Number(summary.rejected), 4);
    assert.equal(await doorsOf(owner), 2);
  });

  it('a boundary that crosses itself', async () => {
    const bowTie = [-77, 38.9, -76.9, 39, -77, 39, -76.9, 38.9, -77, 38.9];
    const { summary, issues } = await importRows(owner, { kind: 'IMPORT_KIND_BOUNDARIES', dataset: 'bow-tie' }, [{
      boundaries: [{
        line: 2, kind: 'precinct', name: 'Bow tie', code: '1', area: { polygons: [{ rings: [{ coordinates: bowTie }] }] },
      }],
    }]);
    assert.equal(Number(summary.rejected), 1);
    assert.equal(Number(issues[0].line), 2);
    assert.ok(issues[0].reason && issues[0].message);
  });

  it('an import that does not come to its end leaves nothing', async () => {
    const header = { kind: 'IMPORT_KIND_ADDRESSES' as const, dataset: 'broken' };
    const rows = Array.from({ length: 2000 }, (_, i) => address(1000 + i));
    const earlier = await doorsOf(owner);

    const cancelled = owner.bidiStream(territory.ImportRows);
    cancelled.on('data', () => undefined);
    cancelled.write({ header });
    for (const batch of inBatches('addresses', rows)) cancelled.write(batch);
    setTimeout(() => cancelled.cancel(), 300);
    const [error] = await once(cancelled, 'error');
    assert.equal(error.details, 'Cancelled on client');

    const late = owner.bidiStream(territory.ImportRows, 500);
    late.on('data', () => undefined);
    late.write({ header });
    const [deadline] = await once(late, 'error');
    assert.equal(deadline.code, 4, 'DEADLINE_EXCEEDED');

    await assertFails(
      importRows(owner, header, [...inBatches('addresses', rows), { addresses: rows.slice(0, 1001) }]), 'INVALID_ARGUMENT');
    await assertFails(importRows(owner, { kind: 'IMPORT_KIND_UNSPECIFIED', dataset: 'x' }, []), 'INVALID_ARGUMENT');
    assert.equal(await doorsOf(owner), earlier);
  });

  it('requests larger than the limit', async () => {
    const name = 'x'.repeat(5 * 1024 * 1024);
    await assertFails(owner.unary(organizing.CreateMember, { display_name: name }), 'RESOURCE_EXHAUSTED');
  });

  it('a deadline that has passed', async () => {
    const start = Date.now();
    await assertFails(owner.unary(territory.GetTerritory, {}, 0), 'DEADLINE_EXCEEDED');
    assert.ok(Date.now() - start < 2000);
  });

  it('what belongs to another campaign', async () => {
    await importRows(stranger, { kind: 'IMPORT_KIND_ADDRESSES', dataset: 'theirs' }, [{ addresses: [address(1)] }]);
    const started = await stranger.unary(turf.StartCut, { request_id: randomUUID() });
    const cut_id = started.cut!.cut_id;
    await collect(stranger.serverStream(turf.WatchCut, { cut_id }));
    await assertFails(owner.unary(turf.GetCut, { cut_id }), 'NOT_FOUND');
    await assertFails(owner.unary(turf.PublishCut, { cut_id }), 'NOT_FOUND');
    await assertFails(collect(owner.serverStream(turf.ExportTurfs, { cut_id })), 'NOT_FOUND');
    const { members } = await stranger.unary(organizing.ListMembers, {});
    await assertFails(owner.unary(organizing.GetMember, { member_id: members[0].member_id }), 'NOT_FOUND');
  });

  it('no cut that was told to stop leaves turfs', async () => {
    const big = await newCampaign('Big');
    const town = await generateTown(path.join(folder, 'big'), kBigTownDoors);
    await importRows(big, { kind: 'IMPORT_KIND_STREETS', dataset: 'streets' }, inBatches('streets', town.streets));
    await importRows(big, { kind: 'IMPORT_KIND_ADDRESSES', dataset: 'doors' }, inBatches('addresses', town.addresses));
    const { cut } = await big.unary(turf.StartCut, { request_id: randomUUID() });
    const cancelled = await big.unary(turf.CancelCut, { cut_id: cut!.cut_id });
    assert.equal((await big.unary(turf.CancelCut, { cut_id: cut!.cut_id })).cut!.state, cancelled.cut!.state);
    const progress = await collect(big.serverStream(turf.WatchCut, { cut_id: cut!.cut_id }));
    assert.equal(progress.at(-1)!.cut!.state, 'CUT_STATE_CANCELLED');
    assert.equal((await big.unary(turf.ListTurfs, { cut_id: cut!.cut_id })).turfs.length, 0);
    await assertFails(big.unary(turf.PublishCut, { cut_id: cut!.cut_id }), 'FAILED_PRECONDITION');
    big.close();
  });
});
