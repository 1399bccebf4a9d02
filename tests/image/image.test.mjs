// The image as a cluster runs it: not root, its files not writable, a database that others look after.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const binary = process.env.SNOWFIELD_BINARY;
const kMegabytesMax = 120;

const buildah = (...args) => execFileSync('buildah', args).toString().trim();
const build = () => execFileSync('script/image', ['--binary', 'build-image/bin/snowfield']).toString().trim().split('\n').pop().split(' ');

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

describe('the image', () => {
  let folder, database, server, container, files, name, digest;

  before(async () => {
    [name, digest] = build();
    container = buildah('from', name);
    files = buildah('mount', container);
    // A database: that of a server of its own, by its socket.
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'snowfield-image-'));
    fs.chmodSync(folder, 0o755);
    database = spawn(binary, ['serve', '--data', path.join(folder, 'data'), '--listen', '127.0.0.1:0'], { stdio: 'ignore' });
    for (let tries = 0; !fs.existsSync(path.join(folder, 'data/operator.token')) && tries < 600; ++tries) await sleep(100);
  }, { timeout: 300_000 });
  after(async () => {
    server?.kill('SIGTERM');
    database.kill('SIGTERM');
    await once(database, 'exit');
    buildah('rm', container);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const inside = (args, variables = {}) => ['run', '--user', '65532:65532', '--volume', `${folder}:/database:ro`,
    ...Object.entries(variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]), container, '--', '/usr/bin/snowfield', ...args];

  it('has the same digest when it is built again', () => {
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual(build(), [name, digest]);
  });

  it('holds one program, no shell, and little', () => {
    const programs = ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'usr/local/bin'].flatMap((place) =>
      fs.existsSync(path.join(files, place)) ? fs.readdirSync(path.join(files, place)) : []);
    assert.deepEqual(programs, ['snowfield']);
    const [kilobytes] = execFileSync('du', ['-sk', files]).toString().split('\t');
    assert.ok(kilobytes / 1024 < kMegabytesMax, `${kilobytes} kB`);
    assert.deepEqual(JSON.parse(buildah('inspect', '--type', 'image', name)).OCIv1.config.User, '65532:65532');
  });

  it('migrates, serves as nobody, and is used', { timeout: 120_000 }, async () => {
    const find = (args) => execFileSync('find', args).toString().trim();
    const socket = find([path.join(folder, 'data'), '-type', 's', '-name', '.s.PGSQL.*']);
    const [, socketFolder, pgPort] = /^(.*)\/\.s\.PGSQL\.(\d+)$/.exec(socket);
    const dsn = `host=/database${socketFolder.slice(folder.length)} port=${pgPort} dbname=snowfield user=snowfield`;
    // The embedded cluster's socket is its account's alone; here the image's account comes from elsewhere.
    execFileSync('chmod', ['-R', 'a+rx', path.dirname(socketFolder), socketFolder]);
    execFileSync('chmod', ['a+rw', socket]);

    const token = execFileSync('buildah', inside(['migrate', '--operator-token-file', '-'], { SNOWFIELD_OWNER_DATABASE: dsn })).toString();
    assert.match(token, /^sfo_\S+\n$/);
    const port = await freePort();
    server = spawn('buildah', inside(['serve', '--listen', `127.0.0.1:${port}`], { SNOWFIELD_DATABASE: dsn }), { stdio: 'ignore' });
    const probe = () => spawnSync(binary, ['probe', '--address', `127.0.0.1:${port}`, '--timeout', '2']).status;
    for (let tries = 0; probe() !== 0 && tries < 100; ++tries) await sleep(100);
    assert.equal(probe(), 0);
    const [id] = execFileSync('pgrep', ['-f', `/usr/bin/snowfield serve --listen 127.0.0.1:${port}$`]).toString().trim().split('\n').reverse();
    assert.match(fs.readFileSync(`/proc/${id}/status`, 'utf8'), /^Uid:\s+65532\s+65532/m);

    const tokenFile = path.join(folder, 'operator.token');
    fs.writeFileSync(tokenFile, token, { mode: 0o600 });
    const made = execFileSync(binary, ['--address', `127.0.0.1:${port}`, '--context', path.join(folder, 'context'), '--json', 'campaign',
      'create', '--operator-token-file', tokenFile, 'In a box']).toString();
    assert.match(JSON.parse(made).campaign_id, /^[1-9]/);
  });
});
