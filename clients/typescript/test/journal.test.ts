import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';

import { Journal } from '../src/journal';

interface Line { n: number; text: string }

const lines = (from: number, to: number): Line[] =>
  Array.from({ length: to - from }, (_, i) => ({ n: from + i, text: `Zoë ${'x'.repeat(i % 7)}\n` }));
const newFile = () => path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'snowfield-journal-')), 'a', 'journal');
const read = (file: string) => {
  const { journal, records, torn } = Journal.open<Line>(file);
  journal.close();
  return { records, torn };
};

it('holds its records over a restart, in their order', () => {
  const file = newFile();
  const { journal } = Journal.open<Line>(file);
  journal.append(lines(0, 10));
  journal.append(lines(10, 11));
  journal.close();
  assert.deepEqual(read(file).records.map(({ n }) => n), [...Array(11).keys()]);
});

it('loses at most the record that was being written, wherever the file was torn', () => {
  const file = newFile();
  const { journal } = Journal.open<Line>(file);
  journal.append(lines(0, 5));
  journal.close();
  const whole = fs.readFileSync(file);
  const ends = [...whole.keys()].filter((at) => whole[at] === 0x0a);
  for (let cut = 0; cut <= whole.length; ++cut) {
    fs.writeFileSync(file, whole.subarray(0, cut));
    // A line is a record once it is whole, with its end or without.
    const complete = ends.filter((end) => end <= cut).length;
    const { journal: torn, records } = Journal.open<Line>(file);
    assert.deepEqual(records, lines(0, 5).slice(0, complete), `cut at byte ${cut}`);
    torn.append(lines(7, 8));
    torn.close();
    assert.deepEqual(read(file).records.at(-1), lines(7, 8)[0], 'what comes after stands on a line of its own');
    assert.equal(read(file).records.length, complete + 1);
  }
});

it('passes over a line that the disk has spoilt, and says so', () => {
  const file = newFile();
  const { journal } = Journal.open<Line>(file);
  journal.append(lines(0, 3));
  journal.close();
  const bytes = fs.readFileSync(file);
  bytes[bytes.indexOf(0x0a) + 20] ^= 1;
  fs.writeFileSync(file, bytes);
  const { records, torn } = read(file);
  assert.deepEqual(records.map(({ n }) => n), [0, 2]);
  assert.equal(torn, 1);
});

it('is rewritten whole or not at all', () => {
  const file = newFile();
  const { journal } = Journal.open<Line>(file);
  journal.append(lines(0, 100));
  const before = journal.bytes;
  journal.replace(lines(50, 52));
  assert.ok(journal.bytes < before);
  journal.append(lines(52, 53));
  journal.close();
  fs.writeFileSync(`${file}.next`, 'half of a rewrit');
  assert.deepEqual(read(file).records.map(({ n }) => n), [50, 51, 52]);
});

it('takes nothing of a record that did not fit on the disk', () => {
  const file = newFile();
  const { journal } = Journal.open<Line>(file);
  journal.append(lines(0, 2));
  // The disk is full from here on.
  const write = fs.writeSync;
  let room = 10;
  (fs as { writeSync: unknown }).writeSync = (fd: number, bytes: Buffer, at: number) => {
    if (room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const count = write(fd, bytes.subarray(at, at + room));
    room = 0;
    return count;
  };
  try {
    assert.throws(() => journal.append(lines(2, 3)), /no space/);
  } finally {
    fs.writeSync = write;
  }
  journal.append(lines(3, 4));
  journal.close();
  assert.deepEqual(read(file), { records: [...lines(0, 2), ...lines(3, 4)], torn: 0 });
});
