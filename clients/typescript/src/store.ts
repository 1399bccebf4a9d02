// Store: what the phone knows, in memory and on its disk: its token, its lists, its knocks and what became of them.
//
// Every change is one or more records of the journal, written before the change is seen; so after a crash the store is as
// it was after the last change. Personal data (names, ages, answers) is in lists, knocks and additions only; erase() takes a
// list's out of the file as well, and knocks and additions go when the server has them.
import type { Addition } from '../generated/snowfield/canvass/v1/Addition';
import type { AdditionAnswer__Output } from '../generated/snowfield/canvass/v1/AdditionAnswer';
import type { Change__Output } from '../generated/snowfield/canvass/v1/Change';
import type { DownloadWalkListResponse__Output } from '../generated/snowfield/canvass/v1/DownloadWalkListResponse';
import type { Knock } from '../generated/snowfield/canvass/v1/Knock';
import type { KnockAnswer__Output } from '../generated/snowfield/canvass/v1/KnockAnswer';
import type { KnockResult__Output } from '../generated/snowfield/canvass/v1/KnockResult';
import { Journal } from './journal';

export type WalkList = DownloadWalkListResponse__Output;

// A knock as it is kept: with its id, number and list, which sending needs.
export type OwnKnock = Knock & {
  knock_id: string; door_id: string; list_number: string; running_number: number; result: KnockResult__Output;
};

// A door or people found in the field, as they are kept.
export type OwnAddition = Addition & { addition_id: string; list_number: string };

// When a list has to go. The phone's clock may be changed, so the time since the boot is kept as well.
export interface Lease {
  expireMs: number; // by the phone's clock
  bootId: string;
  expireMonotonicMs: number; // within that boot
}

export interface HeldList {
  list: WalkList;
  lease: Lease;
}

// A knock that the server has not taken, and why: for a person to see.
export interface Refused {
  knock: OwnKnock;
  answer: KnockAnswer__Output;
}

export interface RefusedAddition {
  addition: OwnAddition;
  answer: AdditionAnswer__Output;
}

export interface Enrolment {
  token: string;
  phoneId: string;
  memberId: string;
}

type Entry =
  | { enrolment: Enrolment }
  | { held: HeldList }
  | { lease: { listNumber: string; lease: Lease } }
  | { erased: string } // a list's number
  | { knock: OwnKnock }
  | { answer: KnockAnswer__Output }
  | { seen: string } // the id of a refused knock or addition that a person has seen
  | { addition: OwnAddition }
  | { additionAnswer: AdditionAnswer__Output }
  | { changes: Change__Output[]; changeToken: string }
  | { runningNumber: number };

const kRewriteBytes = 4 * 1024 * 1024;

export class Store {
  enrolment: Enrolment | undefined;
  changeToken = ''; // of all lists
  runningNumber = 0; // the last one given out
  readonly lists = new Map<string, HeldList>(); // by list number
  readonly waiting = new Map<string, OwnKnock>(); // the outbox, by knock id, in the order they were made
  readonly refused = new Map<string, Refused>(); // by knock id
  readonly additions = new Map<string, OwnAddition>(); // that wait, by id, in the order they were found
  readonly refusedAdditions = new Map<string, RefusedAddition>(); // by id
  readonly torn: number; // lines of the file that could not be read
  private readonly journal: Journal<Entry>;

  constructor(file: string) {
    const { journal, records, torn } = Journal.open<Entry>(file);
    this.journal = journal;
    this.torn = torn;
    for (const record of records) this.apply(record);
  }

  close(): void {
    this.journal.close();
  }

  enrolled(enrolment: Enrolment): void {
    this.write([{ enrolment }]);
  }

  hold(list: WalkList, lease: Lease): void {
    this.write([{ held: { list, lease } }]);
  }

  renew(listNumber: string, lease: Lease): void {
    this.write([{ lease: { listNumber, lease } }]);
  }

  // The list's people and doors are gone from memory and from the disk when this returns. Its knocks stay in the outbox.
  erase(listNumber: string): void {
    if (!this.lists.has(listNumber)) return;
    this.apply({ erased: listNumber });
    this.journal.replace(this.all());
  }

  add(knock: OwnKnock): void {
    this.write([{ knock }]);
  }

  // Once nothing waits, what was sent is taken off the disk.
  answered(answers: KnockAnswer__Output[]): void {
    this.write(answers.map((answer) => ({ answer })));
    if (answers.length > 0) this.takeOffWhatWasSent();
  }

  found(addition: OwnAddition): void {
    this.write([{ addition }]);
  }

  additionsAnswered(answers: AdditionAnswer__Output[]): void {
    this.write(answers.map((additionAnswer) => ({ additionAnswer })));
    if (answers.length > 0) this.takeOffWhatWasSent();
  }

  // `id`: of a refused knock or addition.
  seen(id: string): void {
    this.write([{ seen: id }]);
  }

  changed(changes: Change__Output[], changeToken: string): void {
    if (changes.length > 0 || changeToken !== this.changeToken) this.write([{ changes, changeToken }]);
  }

  // Fetched again where nothing but results has changed: doors come with their results alone.
  refresh(list: WalkList): void {
    const held = this.lists.get(list.list_number);
    if (!held) return;
    const now = new Map(list.doors.map((door) => [door.door_id, door]));
    const doors = held.list.doors.map((door) => ({
      ...door,
      last_result: now.get(door.door_id)?.last_result ?? door.last_result,
      do_not_contact: now.get(door.door_id)?.do_not_contact ?? door.do_not_contact,
    }));
    this.hold({ ...held.list, doors }, held.lease);
  }

  // What is known of a door: by this phone's own last knock while that waits, else by the server.
  resultAt(listNumber: string, doorId: string): KnockResult__Output {
    let result = this.doorOf(listNumber, doorId)?.last_result ?? 'KNOCK_RESULT_UNSPECIFIED';
    for (const knock of this.waiting.values()) {
      if (knock.list_number === listNumber && knock.door_id === doorId) result = knock.result;
    }
    return result;
  }

  private takeOffWhatWasSent(): void {
    if (this.waiting.size === 0 && this.additions.size === 0) this.journal.replace(this.all());
  }

  private write(entries: Entry[]): void {
    this.journal.append(entries);
    for (const entry of entries) this.apply(entry);
    if (this.journal.bytes > kRewriteBytes) {
      const all = this.all();
      this.journal.replace(all);
    }
  }

  // The least that makes this state again.
  private all(): Entry[] {
    return [
      ...(this.enrolment ? [{ enrolment: this.enrolment }] : []),
      { runningNumber: this.runningNumber },
      ...[...this.lists.values()].map((held) => ({ held })),
      { changes: [], changeToken: this.changeToken },
      ...[...this.waiting.values()].map((knock) => ({ knock })),
      ...[...this.refused.values()].flatMap(({ knock, answer }) => [{ knock }, { answer }]),
      ...[...this.additions.values()].map((addition) => ({ addition })),
      ...[...this.refusedAdditions.values()].flatMap(
        ({ addition, answer }) => [{ addition }, { additionAnswer: answer }]),
    ];
  }

  private apply(entry: Entry): void {
    if ('enrolment' in entry) {
      this.enrolment = entry.enrolment;
    } else if ('held' in entry) {
      this.lists.set(entry.held.list.list_number, entry.held);
    } else if ('lease' in entry) {
      const held = this.lists.get(entry.lease.listNumber);
      if (held) held.lease = entry.lease.lease;
    } else if ('erased' in entry) {
      this.lists.delete(entry.erased);
    } else if ('knock' in entry) {
      this.waiting.set(entry.knock.knock_id, entry.knock);
      this.runningNumber = Math.max(this.runningNumber, entry.knock.running_number);
    } else if ('answer' in entry) {
      this.applyAnswer(entry.answer);
    } else if ('seen' in entry) {
      this.refused.delete(entry.seen);
      this.refusedAdditions.delete(entry.seen);
    } else if ('addition' in entry) {
      this.additions.set(entry.addition.addition_id, entry.addition);
    } else if ('additionAnswer' in entry) {
      this.applyAdditionAnswer(entry.additionAnswer);
    } else if ('changes' in entry) {
      for (const change of entry.changes) this.applyChange(change);
      this.changeToken = entry.changeToken;
    } else {
      this.runningNumber = Math.max(this.runningNumber, entry.runningNumber);
    }
  }

  private applyAnswer(answer: KnockAnswer__Output): void {
    const knock = this.waiting.get(answer.knock_id);
    if (!knock) return;
    this.waiting.delete(answer.knock_id);
    if (answer.outcome === 'KNOCK_OUTCOME_ACCEPTED') {
      this.showOnDoor(knock.list_number, knock.door_id, knock.result);
    } else if (answer.outcome !== 'KNOCK_OUTCOME_DUPLICATE') {
      this.refused.set(answer.knock_id, { knock, answer });
    }
  }

  private applyAdditionAnswer(answer: AdditionAnswer__Output): void {
    const addition = this.additions.get(answer.addition_id);
    if (!addition) return;
    this.additions.delete(answer.addition_id);
    if (answer.outcome !== 'KNOCK_OUTCOME_ACCEPTED' && answer.outcome !== 'KNOCK_OUTCOME_DUPLICATE') {
      this.refusedAdditions.set(answer.addition_id, { addition, answer });
    }
  }

  private applyChange(change: Change__Output): void {
    if (change.kind === 'CHANGE_KIND_KNOCK') {
      this.showOnDoor(change.list_number, change.door_id, change.result);
    } else if (change.kind === 'CHANGE_KIND_DO_NOT_CONTACT') {
      for (const { list } of this.lists.values()) {
        for (const door of list.doors) {
          if (door.door_id !== change.door_id) continue;
          // Those who do not want to be met are gone from this phone; where it is the household, the door is passed by.
          door.people = change.person_ids.length === 0
            ? [] : door.people.filter((person) => !change.person_ids.includes(person.person_id));
          door.do_not_contact ||= change.person_ids.length === 0;
        }
      }
    }
  }

  private showOnDoor(listNumber: string, doorId: string, result: KnockResult__Output): void {
    const door = this.doorOf(listNumber, doorId);
    if (door) door.last_result = result;
  }

  private doorOf(listNumber: string, doorId: string) {
    return this.lists.get(listNumber)?.list.doors.find((door) => door.door_id === doorId);
  }
}
