// The whole story on the sample town, as an app would live it: a campaign, the ground, a cut, leaders, a phone, knocks,
// follow-ups, and a restart after which everything is as it was.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { DownloadWalkListResponse__Output as WalkList } from '../generated/snowfield/canvass/v1/DownloadWalkListResponse';
import type { Knock } from '../generated/snowfield/canvass/v1/Knock';
import type { Cut__Output as Cut } from '../generated/snowfield/turf/v1/Cut';
import type { ExportTurfsResponse__Output as ExportedTurf } from '../generated/snowfield/turf/v1/ExportTurfsResponse';
import type { FollowUp__Output as FollowUp } from '../generated/snowfield/followup/v1/FollowUp';
import type { Member__Output as Member } from '../generated/snowfield/organizing/v1/Member';
import { Caller } from './support/caller';
import { assertFails, collect } from './support/expect';
import { access, canvass, followUp, organizing, territory, turf } from './support/protos';
import { makeFolder, Server } from './support/server';
import { importTown, type Town, generateTown } from './support/town';

describe('the story on the sample town', () => {
  const folder = makeFolder();
  let server: Server;
  let owner: Caller;
  let town: Town;
  let cut: Cut;
  let turfs: ExportedTurf[];
  let leaders: Member[];
  let canvasser: Member;
  let leaderToken: string;
  let phone: Caller;
  let otherPhone: Caller;
  let list: WalkList;
  let changeToken: string;

  before(async () => {
    town = await generateTown(path.join(folder, 'town'));
    server = await Server.start(path.join(folder, 'data'));
  });
  after(async () => {
    await server?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('makes a campaign, whose owner is its first member', async () => {
    const operator = server.operator();
    const made = await operator.unary(access.CreateCampaign, { name: 'Story', owner_name: 'Ada' });
    operator.close();
    owner = new Caller(server.address, made.token);
    const who = await owner.unary(access.WhoAmI, {});
    assert.deepEqual(
      { campaign: who.campaign_id, name: who.campaign_name, member: who.member_id, role: who.role, phone: who.phone_id },
      { campaign: made.campaign_id, name: 'Story', member: made.owner_id, role: 'ROLE_OWNER', phone: '0' },
    );
  });

  it('imports the ground and the people', async () => {
    for (const result of await importTown(owner, town)) {
      assert.equal(Number(result.summary.rejected), 0, `${result.kind}: ${JSON.stringify(result.issues[0])}`);
      assert.equal(Number(result.summary.inserted), result.rows, result.kind);
    }
    const ground = await owner.unary(territory.GetTerritory, {});
    assert.ok(Number(ground.address_points) < town.addresses.length, 'flats of a house share its address');
    assert.equal(Number(ground.doors), town.addresses.length);
    assert.equal(Number(ground.people), town.people.length);
    assert.ok(Number(ground.people_matched) >= 0.95 * town.people.length, `${ground.people_matched} people have a door`);
  });

  it('changes nothing when the same files come again', async () => {
    const earlier = await owner.unary(territory.GetTerritory, {});
    for (const result of await importTown(owner, town)) {
      assert.equal(Number(result.summary.unchanged), result.rows, result.kind);
    }
    assert.deepEqual(await owner.unary(territory.GetTerritory, {}), earlier);
  });

  it('cuts a universe, saying how far it is', async () => {
    const request_id = randomUUID();
    const { boundaries } = await owner.unary(territory.ListBoundaries, { kind: 'precinct' });
    const request = { request_id, universe: { name: 'Everyone', boundary_ids: boundaries.map((b) => b.boundary_id) } };
    const { universe } = await owner.unary(territory.CreateUniverse, request);
    assert.equal(Number(universe!.doors), town.addresses.length, 'the precincts hold the whole town');
    const again = await owner.unary(territory.CreateUniverse, request);
    assert.equal(again.universe!.universe_id, universe!.universe_id, 'the same request makes the same universe');

    const started = await owner.unary(turf.StartCut, {
      request_id: randomUUID(), universe_id: universe!.universe_id, target_doors: 45, keep_boundary_kind: 'precinct', seed: 7,
    });
    const progress = await collect(owner.serverStream(turf.WatchCut, { cut_id: started.cut!.cut_id }));
    cut = progress.at(-1)!.cut!;
    assert.equal(cut.state, 'CUT_STATE_DONE', cut.failure);
    for (let i = 1; i < progress.length; ++i) assert.ok(progress[i].fraction >= progress[i - 1].fraction, 'goes forward');
    assert.equal(cut.report!.doors_lost, 0);
    assert.equal(cut.report!.doors_doubled, 0);
    assert.equal(cut.report!.turfs_over_boundary, 0);
  });

  it('exports every door exactly once, in walking order', async () => {
    turfs = await collect(owner.serverStream(turf.ExportTurfs, { cut_id: cut.cut_id }));
    const doors = turfs.flatMap((t) => t.doors);
    assert.equal(doors.length, town.addresses.length);
    assert.equal(new Set(doors.map((door) => door.door_id)).size, doors.length);
    assert.deepEqual(
      new Set(doors.map((door) => door.external_id)), new Set(town.addresses.map((address) => address.external_id)));
    for (const { turf: facts, area, walk, doors: walked } of turfs) {
      assert.deepEqual(walked.map((door) => door.sequence), walked.map((_, i) => i + 1));
      assert.equal(facts!.metrics!.doors, walked.length);
      assert.ok(area!.polygons.length >= 1 && walk!.coordinates.length >= 4, `turf ${facts!.number} can be drawn`);
    }
    const inBounds = turfs.filter((t) => t.doors.length >= cut.min_doors && t.doors.length <= cut.max_doors).length;
    assert.equal(inBounds, cut.report!.turfs_in_bounds, 'the report counts what was exported');
  });

  it('publishes the cut', async () => {
    const published = await owner.unary(turf.PublishCut, { cut_id: cut.cut_id });
    assert.equal(published.cut!.state, 'CUT_STATE_PUBLISHED');
    assert.equal(published.superseded_cut_id, '0');
  });

  it('builds teams of at most eight', async () => {
    const add = async (display_name: string, role: 'ROLE_LEADER' | 'ROLE_CANVASSER', leader_id = '0', home?: number[]) => {
      const { member } = await owner.unary(organizing.CreateMember, {
        request_id: randomUUID(), display_name, role, leader_id,
        home: home && { longitude: home[0], latitude: home[1] },
      });
      return member!;
    };
    // Leaders who live where the first and the last turf are.
    const home = (t: ExportedTurf) => t.walk!.coordinates.slice(0, 2);
    leaders = [
      await add('Bo', 'ROLE_LEADER', '0', home(turfs[0])),
      await add('Cy', 'ROLE_LEADER', '0', home(turfs.at(-1)!)),
    ];
    canvasser = await add('Di', 'ROLE_CANVASSER', leaders[0].member_id);
    for (let i = 2; i <= 8; ++i) await add(`Volunteer ${i}`, 'ROLE_CANVASSER', leaders[0].member_id);
    await assertFails(add('One too many', 'ROLE_CANVASSER', leaders[0].member_id), 'FAILED_PRECONDITION', 'TEAM_FULL');
    const team = await owner.unary(organizing.ListMembers, { leader_id: leaders[0].member_id });
    assert.deepEqual(team.members.map((member) => member.slot).sort(), [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('hands turfs to leaders, by hand and by nearness', async () => {
    const first = turfs[0].turf!;
    const { assignments } = await owner.unary(turf.AssignTurfs, {
      leader_id: leaders[0].member_id, turf_ids: [first.turf_id],
    });
    assert.equal(assignments.length, 1);
    assert.match(assignments[0].list_number, /^\d{8}$/);

    const near = await owner.unary(turf.AssignByNearness, { cut_id: cut.cut_id, turfs_per_leader_max: 3 });
    const all = await owner.unary(turf.ListAssignments, { cut_id: cut.cut_id });
    const load = new Map<string, number>();
    for (const assignment of all.assignments) {
      load.set(assignment.leader_id, (load.get(assignment.leader_id) ?? 0) + 1);
    }
    assert.equal(near.assigned + 1, all.assignments.length);
    assert.equal(near.assigned + near.unassigned + 1, turfs.length);
    assert.ok([...load.values()].every((turfCount) => turfCount <= 3), 'no leader has more than they can carry');
    const kept = all.assignments.find((assignment) => assignment.turf_id === first.turf_id)!;
    assert.equal(kept.leader_id, leaders[0].member_id, 'what was assigned by hand stays');
  });

  it('enrols a phone with a code that works once', async () => {
    const { code } = await owner.unary(access.CreateEnrolmentCode, { member_id: canvasser.member_id });
    const anyone = new Caller(server.address);
    const enrolled = await anyone.unary(canvass.EnrolPhone, { code, label: 'Di’s phone' });
    assert.equal(enrolled.member_id, canvasser.member_id);
    phone = new Caller(server.address, enrolled.token);
    assert.equal((await phone.unary(access.WhoAmI, {})).phone_id, enrolled.phone_id);
    await assertFails(anyone.unary(canvass.EnrolPhone, { code }), 'UNAUTHENTICATED', 'ENROLMENT_CODE_INVALID');

    const second = await owner.unary(access.CreateEnrolmentCode, { member_id: leaders[0].member_id });
    const { token } = await anyone.unary(canvass.EnrolPhone, { code: second.code, label: 'Bo’s phone' });
    otherPhone = new Caller(server.address, token);
    anyone.close();
  });

  it('lets a phone do what a phone does, and no more', async () => {
    await assertFails(phone.unary(turf.ListTurfs, { cut_id: cut.cut_id }), 'PERMISSION_DENIED', 'PERMISSION_MISSING');
    const foreign = (await owner.unary(turf.ListAssignments, { cut_id: cut.cut_id, leader_id: leaders[1].member_id }))
      .assignments[0];
    await assertFails(
      phone.unary(canvass.CheckOutWalkList, { list_number: foreign.list_number }), 'PERMISSION_DENIED', 'NOT_YOUR_LIST');
    const last = Number(foreign.list_number[7]);
    const mistyped = foreign.list_number.slice(0, 7) + String((last + 1) % 10);
    await assertFails(
      phone.unary(canvass.CheckOutWalkList, { list_number: mistyped }),
      'INVALID_ARGUMENT', 'LIST_NUMBER_MISTYPED', 'list_number');
  });

  it('checks a list out and downloads it whole', async () => {
    const mine = await phone.unary(canvass.ListMyWalkLists, {});
    const number = mine.walk_lists[0].list_number;
    const typed = `${number.slice(0, 4)} ${number.slice(4)}`;
    const checkout = await phone.unary(canvass.CheckOutWalkList, { list_number: typed });
    assert.equal(checkout.list_number, number);
    list = await phone.unary(canvass.DownloadWalkList, { list_number: number });
    const exported = turfs.find((t) => t.turf!.number === list.turf_number)!;
    assert.deepEqual(list.doors.map((door) => door.door_id), exported.doors.map((door) => door.door_id));
    assert.ok(list.doors.some((door) => door.people.length > 0), 'the people behind the doors come along');
    assert.ok(list.script!.questions.length > 0, 'and what to say');
    await otherPhone.unary(canvass.CheckOutWalkList, { list_number: number });
    changeToken = (await otherPhone.unary(canvass.DownloadWalkList, { list_number: number })).change_token;
  });

  const knock = (doorIndex: number, running_number: number, facts: Partial<Knock>): Knock => ({
    knock_id: randomUUID(), door_id: list.doors[doorIndex].door_id, list_number: list.list_number, running_number,
    phone_time: { seconds: Math.floor(Date.now() / 1000), nanos: 0 }, boot_id: 'boot-1', monotonic_ms: 1000 * running_number,
    ...facts,
  });

  it('takes knocks one by one: accepted, duplicate, conflict, rejected', async () => {
    const withPeople = list.doors.findIndex((door) => door.people.length > 0);
    const person_id = list.doors[withPeople].people[0].person_id;
    const volunteer = knock(withPeople, 1, {
      result: 'KNOCK_RESULT_CANVASSED',
      responses: [{ person_id, question: list.script!.questions[0].code, answer: list.script!.questions[0].answers[0] }],
      asks: [{ person_id, ask: 'ASK_KIND_VOLUNTEER', answer: 'ASK_ANSWER_YES' }],
    });
    const notHome = knock((withPeople + 1) % list.doors.length, 2, { result: 'KNOCK_RESULT_NOT_HOME' });
    const elsewhere = knock(0, 3, { result: 'KNOCK_RESULT_NOT_HOME', door_id: '999999999' });
    const first = await phone.unary(canvass.SendKnocks, { knocks: [volunteer, elsewhere, notHome] });
    assert.deepEqual(
      first.answers.map((answer) => [answer.outcome, answer.reason]),
      [['KNOCK_OUTCOME_ACCEPTED', ''], ['KNOCK_OUTCOME_REJECTED', 'DOOR_NOT_ON_LIST'], ['KNOCK_OUTCOME_ACCEPTED', '']]);
    assert.deepEqual(first.answers.map((answer) => answer.knock_id), [volunteer, elsewhere, notHome].map((k) => k.knock_id));

    const changed = { ...notHome, result: 'KNOCK_RESULT_REFUSED' as const };
    const second = await phone.unary(canvass.SendKnocks, { knocks: [volunteer, changed] });
    assert.deepEqual(
      second.answers.map((answer) => answer.outcome), ['KNOCK_OUTCOME_DUPLICATE', 'KNOCK_OUTCOME_CONFLICT']);

    const results = await owner.unary(canvass.GetResults, { cut_id: cut.cut_id });
    assert.equal(Number(results.knocks), 2);
    assert.equal(Number(results.conflicts), 1);
  });

  it('refuses a batch of 501 whole', async () => {
    const knocks = Array.from({ length: 501 }, (_, i) => knock(0, 10 + i, { result: 'KNOCK_RESULT_NOT_HOME' }));
    await assertFails(
      phone.unary(canvass.SendKnocks, { knocks }), 'INVALID_ARGUMENT', 'BATCH_TOO_LARGE', 'knocks');
    assert.equal(Number((await owner.unary(canvass.GetResults, { cut_id: cut.cut_id })).knocks), 2);
    await assertFails(phone.unary(canvass.SendKnocks, { knocks: [] }), 'INVALID_ARGUMENT');
  });

  it('tells the other phone on the list what changed', async () => {
    const news = await otherPhone.unary(canvass.ListChanges, { change_token: changeToken });
    assert.deepEqual(
      news.changes.map((change) => [change.kind, change.result]),
      [['CHANGE_KIND_KNOCK', 'KNOCK_RESULT_CANVASSED'], ['CHANGE_KIND_KNOCK', 'KNOCK_RESULT_NOT_HOME']]);
    const later = await otherPhone.unary(canvass.ListChanges, { change_token: news.change_token });
    assert.equal(later.changes.length, 0);
  });

  it('gives the leader the follow-ups, to complete once', async () => {
    leaderToken = (await owner.unary(access.CreateToken, { member_id: leaders[0].member_id, label: 'desk' })).token;
    const leader = new Caller(server.address, leaderToken);
    const { follow_ups } = await leader.unary(followUp.ListFollowUps, {});
    const offer = follow_ups.find((f: FollowUp) => f.queue === 'volunteer')!;
    assert.equal(offer.owner_id, leaders[0].member_id);
    assert.ok(offer.person_name && offer.address, 'says whom to reach, and where');
    const due = follow_ups.map((f) => Number(f.due_time!.seconds));
    assert.deepEqual(due, [...due].sort((a, b) => a - b), 'in due order');

    const request = { follow_up_id: offer.follow_up_id, outcome: 'FOLLOW_UP_OUTCOME_SAID_YES' as const };
    const done = await leader.unary(followUp.CompleteFollowUp, request);
    assert.equal(done.follow_up!.state, 'FOLLOW_UP_STATE_DONE');
    assert.deepEqual(await leader.unary(followUp.CompleteFollowUp, request), done, 'said again, nothing changes');
    await assertFails(
      leader.unary(followUp.CompleteFollowUp, { ...request, outcome: 'FOLLOW_UP_OUTCOME_SAID_NO' }),
      'FAILED_PRECONDITION', 'ALREADY_COMPLETED');
    leader.close();
  });

  it('runs the example of the README', async () => {
    const { code } = await owner.unary(access.CreateEnrolmentCode, { member_id: canvasser.member_id });
    const example = path.join(__dirname, '../examples/phone.js');
    const said = execFileSync(process.execPath, [example, server.address, code, list.list_number], { encoding: 'utf8' });
    assert.match(said, /^\d+ doors; the first is .+\nfirst: KNOCK_OUTCOME_ACCEPTED\nagain: KNOCK_OUTCOME_DUPLICATE\n$/);
  });

  it('cuts again: the ground keeps its numbers, its leaders and what is out', async () => {
    const started = await owner.unary(turf.StartCut, {
      request_id: randomUUID(), universe_id: cut.universe_id, target_doors: 45, keep_boundary_kind: 'precinct', seed: 7,
      keep_live: true, turfs_per_region: 4,
    });
    const recut = (await collect(owner.serverStream(turf.WatchCut, { cut_id: started.cut!.cut_id }))).at(-1)!.cut!;
    assert.equal(recut.state, 'CUT_STATE_DONE', recut.failure);
    assert.equal(recut.previous_cut_id, cut.cut_id);
    assert.ok(recut.report!.doors_kept_share! > 0.9, `${recut.report!.doors_kept_share} of doors keep their turf`);
    const { turfs: listed } = await owner.unary(turf.ListTurfs, { cut_id: recut.cut_id, page_size: 1000 });
    const inRegion = new Map<number, number>();
    for (const { region_number } of listed) inRegion.set(region_number, (inRegion.get(region_number) ?? 0) + 1);
    assert.ok([...inRegion.values()].every((turfCount) => turfCount <= 4), 'a region has as many turfs as asked for');

    const diff = await owner.unary(turf.DiffCut, { cut_id: recut.cut_id, page_size: 1000 });
    assert.equal(diff.against_cut_id, cut.cut_id);
    const mine = diff.turfs.find((t) => t.assignment?.list_number === list.list_number)!;
    assert.ok(mine.phones_out.length >= 2, 'says whose phones have the list');
    assert.ok(mine.doors_done >= 2, 'and what they have done');

    const published = await owner.unary(turf.PublishCut, { cut_id: recut.cut_id, keep_assignments: true });
    assert.equal(published.kept_walk_lists, diff.totals!.lists_going_on);
    assert.equal(published.renewed_walk_lists, diff.totals!.lists_renewed);
    const after = await owner.unary(turf.ListAssignments, { cut_id: recut.cut_id, page_size: 1000 });
    assert.equal(after.assignments.length, published.kept_walk_lists + published.renewed_walk_lists);
    if (mine.turf_number !== 0) {
      const heir = after.assignments.find((assignment) => assignment.turf_number === mine.turf_number)!;
      assert.equal(heir.leader_id, mine.assignment!.leader_id, 'the ground stays with its leader');
      assert.equal(heir.list_number === list.list_number, mine.same_walk);
    }
    const { answers } = await phone.unary(canvass.SendKnocks, { knocks: [knock(0, 900, { result: 'KNOCK_RESULT_REFUSED' })] });
    assert.equal(answers[0].outcome, 'KNOCK_OUTCOME_ACCEPTED', 'whatever became of the list, its results are welcome');
    assert.equal(answers[0].flags.includes('LATE_LIST'), !mine.same_walk);

    const { problems } = await owner.unary(turf.ListCutProblems, { cut_id: recut.cut_id, page_size: 1000 });
    const counted = Object.values(recut.report!.problem_counts).reduce((sum, count) => sum + count, 0);
    assert.equal(problems.length, counted, 'each problem is named');
    cut = recut;
  });

  it('finds everything as it was after a restart', async () => {
    const look = async (caller: Caller) => ({
      territory: await caller.unary(territory.GetTerritory, {}),
      members: await caller.unary(organizing.ListMembers, {}),
      cuts: await caller.unary(turf.ListCuts, {}),
      turfs: await collect(caller.serverStream(turf.ExportTurfs, { cut_id: cut.cut_id })),
      assignments: await caller.unary(turf.ListAssignments, { cut_id: cut.cut_id }),
      results: await caller.unary(canvass.GetResults, { cut_id: cut.cut_id }),
      followUps: await caller.unary(followUp.ListFollowUps, { owner_id: -1, state: 'FOLLOW_UP_STATE_DONE' }),
    });
    const earlier = await look(owner);
    for (const caller of [owner, phone, otherPhone]) caller.close();
    assert.equal(await server.stop(), 0);
    server = await Server.start(server.data);
    owner = new Caller(server.address, owner.token);
    phone = new Caller(server.address, phone.token);
    assert.deepEqual(await look(owner), earlier);
    await phone.unary(canvass.ReturnWalkList, { list_number: list.list_number });
    await phone.unary(canvass.ReturnWalkList, { list_number: list.list_number });
    owner.close();
    phone.close();
  });
});
