// Journal: a file of records that outlives the battery. append() returns when its records are on the disk; what a crash
// tore is recognized by its check sum and passed over, and costs none of the records before it.
//
// One process at a time may have a journal open. Not for data that is larger than memory: open() reads it whole.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const kSumCharacters = 8;
const kLineEnd = 0x0a;

export class Journal<Record> {
  private constructor(private file: number, private readonly name: string, private length: number /* bytes */) {}

  // Opens the journal, or begins one, and answers with the records in it. `torn`: lines that were no records: one where
  // the battery died while it was written, more where the disk is failing.
  static open<Record>(name: string): { journal: Journal<Record>; records: Record[]; torn: number } {
    fs.mkdirSync(path.dirname(name), { recursive: true, mode: 0o700 });
    const file = fs.openSync(name, 'a+', 0o600);
    const records: Record[] = [];
    let torn = 0;
    const bytes = fs.readFileSync(name);
    for (const line of bytes.toString('utf8').split('\n')) {
      if (line === '') continue;
      const json = line.slice(kSumCharacters + 1);
      if (line.slice(0, kSumCharacters) === sumOf(json)) records.push(JSON.parse(json) as Record);
      else ++torn;
    }
    const journal = new Journal<Record>(file, name, bytes.length);
    // A line that was torn off is ended, so that the next record stands on one of its own.
    if (bytes.length > 0 && bytes[bytes.length - 1] !== kLineEnd) journal.length += fs.writeSync(file, '\n');
    return { journal, records, torn };
  }

  get bytes(): number {
    return this.length;
  }

  // Throws where the disk is full or failing; then none of the records is in the journal.
  append(records: Record[]): void {
    const bytes = Buffer.from(records.map(lineOf).join(''));
    try {
      writeWhole(this.file, bytes);
      fs.fdatasyncSync(this.file);
    } catch (error) {
      fs.ftruncateSync(this.file, this.length);
      throw error;
    }
    this.length += bytes.length;
  }

  // Puts these records in the place of all others: the old file stays until the new one is whole.
  replace(records: Record[]): void {
    const next = `${this.name}.next`;
    const file = fs.openSync(next, 'w', 0o600);
    const bytes = Buffer.from(records.map(lineOf).join(''));
    try {
      writeWhole(file, bytes);
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(next, this.name);
    syncFolder(path.dirname(this.name));
    fs.closeSync(this.file);
    this.file = fs.openSync(this.name, 'a', 0o600);
    this.length = bytes.length;
  }

  close(): void {
    fs.closeSync(this.file);
  }
}

function sumOf(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, kSumCharacters);
}

function lineOf(record: unknown): string {
  const json = JSON.stringify(record); // holds no line break
  return `${sumOf(json)} ${json}\n`;
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += fs.writeSync(file, bytes, at);
}

// A renamed file is there after a crash only when its folder was written too.
function syncFolder(folder: string): void {
  const file = fs.openSync(folder, 'r');
  fs.fsyncSync(file);
  fs.closeSync(file);
}
