// Washington DC from files to walk lists: runs the very commands of docs/quickstart-dc.md, then looks at what came out.
// The files are not part of the repository; where they are missing the test says so, and only checks that the
// commands are there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { Caller } from './support/caller';
import { parseTable } from './support/csv';
import { collect } from './support/expect';
import { repository, territory, turf } from './support/protos';
import { binary, makeFolder, Server } from './support/server';

const kDoors = 73_092;
const kPrecincts = 143;

// What stands in ```sh blocks of the page, in order.
function commandsOf(page: string): string {
  return [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1]).join('');
}

const data = path.join(process.env.SNOWFIELD_DATA ?? path.join(repository, '../shared/data'), 'dc');
const commands = commandsOf(fs.readFileSync(path.join(repository, 'docs/quickstart-dc.md'), 'utf8'));
const folder = makeFolder();
let server: Server | undefined;

describe('Washington DC', () => {
  after(async () => {
    await server?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('goes from files to walk lists by the commands of docs/quickstart-dc.md', async (t) => {
    assert.match(commands, /snowfield import addresses/);
    if (!fs.existsSync(data)) {
      t.diagnostic(`no files of Washington DC at ${data}: only looked at the commands; set SNOWFIELD_DATA to run them`);
      return;
    }
    server = await Server.start(path.join(folder, 'data'));
    const context = path.join(folder, 'context.json');
    const run = spawnSync('bash', ['-euo', 'pipefail', '-c', commands], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: {
        ...process.env,
        PATH: `${path.dirname(binary)}:${process.env.PATH}`,
        DC: data,
        SNOWFIELD_DATA_FOLDER: server.data,
        SNOWFIELD_ADDRESS: server.address,
        SNOWFIELD_CONTEXT: context,
      },
    });
    assert.equal(run.status, 0, `${run.stdout}\n${run.stderr}\n${server.lastLog()}`);
    for (const line of `${run.stdout}${run.stderr}`.trim().split('\n')) t.diagnostic(line);

    const owner = new Caller(server.address, JSON.parse(fs.readFileSync(context, 'utf8')).token);
    const ground = await owner.unary(territory.GetTerritory, {});
    assert.equal(Number(ground.doors), kDoors);
    assert.equal(Number(ground.boundaries), kPrecincts);

    const { cuts } = await owner.unary(turf.ListCuts, {});
    const cut = cuts.find((candidate) => candidate.state === 'CUT_STATE_PUBLISHED')!;
    assert.equal(cut.keep_boundary_kind, 'precinct');
    assert.equal(cut.report!.turfs_over_boundary, 0, 'no turf lies in two precincts');

    const turfs = await collect(owner.serverStream(turf.ExportTurfs, { cut_id: cut.cut_id }));
    const doors = turfs.flatMap((exported) => exported.doors.map((door) => door.door_id));
    assert.equal(doors.length, kDoors);
    assert.equal(new Set(doors).size, kDoors, 'every door in exactly one turf');
    const inBounds = turfs.filter((t) => t.doors.length >= cut.min_doors && t.doors.length <= cut.max_doors).length;
    t.diagnostic(`${turfs.length} turfs, ${((100 * inBounds) / turfs.length).toFixed(1)} % of ${cut.min_doors} to ` +
      `${cut.max_doors} doors; ${cut.report!.walk_per_door_m.toFixed(1)} m of walk a door`);
    for (const { turf: facts } of turfs) {
      const { in_bounds: fits, reason } = facts!.metrics!;
      assert.ok(fits || reason, `turf ${facts!.number} is out of bounds and does not say why`);
    }

    const exported = parseTable(fs.readFileSync(path.join(folder, 'walk-lists.csv'), 'utf8'));
    assert.deepEqual(
      exported.header,
      ['turf', 'sequence', 'door_id', 'external_id', 'longitude', 'latitude', 'house_number', 'street', 'unit', 'region']);
    assert.equal(new Set(exported.rows.map((row) => row.door_id)).size, kDoors);
    const geojson = JSON.parse(fs.readFileSync(path.join(folder, 'turfs.geojson'), 'utf8'));
    assert.equal(geojson.type, 'FeatureCollection');
    const map = fs.readFileSync(path.join(folder, 'map.html'), 'utf8');
    assert.doesNotMatch(map, /(src|href)="?https?:/, 'the map needs nothing from elsewhere');
    owner.close();
  });
});
