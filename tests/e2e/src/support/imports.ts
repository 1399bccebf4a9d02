// The files of a generated town, read in TypeScript, and sent as an import over one bidirectional call.
import { once } from 'node:events';

import type { ServiceError } from '@grpc/grpc-js';

import type { ImportHeader } from '../../generated/snowfield/territory/v1/ImportHeader';
import type { ImportIssue__Output } from '../../generated/snowfield/territory/v1/ImportIssue';
import type { ImportRowsRequest } from '../../generated/snowfield/territory/v1/ImportRowsRequest';
import type { ImportSummary__Output } from '../../generated/snowfield/territory/v1/ImportSummary';
import { type Caller, toCallError } from './caller';
import { territory } from './protos';

export type Rows = Omit<ImportRowsRequest, 'header'>;

export interface ImportResult {
  summary: ImportSummary__Output;
  issues: ImportIssue__Output[];
}

// Sends the header, then the batches, and reads what the server says meanwhile.
export async function importRows(caller: Caller, header: ImportHeader, batches: Rows[]): Promise<ImportResult> {
  const stream = caller.bidiStream(territory.ImportRows);
  const issues: ImportIssue__Output[] = [];
  let summary: ImportSummary__Output | undefined;
  const reading = (async () => {
    for await (const response of stream) {
      if (response.issue) issues.push(response.issue);
      if (response.summary) summary = response.summary;
    }
  })();
  const writing = (async () => {
    for (const request of [{ header }, ...batches]) {
      if (!stream.write(request)) await Promise.race([once(stream, 'drain'), reading]);
    }
    stream.end();
  })();
  try {
    await Promise.all([reading, writing]);
  } catch (error) {
    throw toCallError(error as ServiceError);
  }
  if (!summary) throw new Error('the import ended without a summary');
  return { summary, issues };
}

// `rows` in batches of the size that the server takes.
export function inBatches<Row, Key extends keyof Rows>(key: Key, rows: Row[], size = 1000): Rows[] {
  const batches: Rows[] = [];
  for (let start = 0; start < rows.length; start += size) {
    batches.push({ [key]: rows.slice(start, start + size) } as Rows);
  }
  return batches;
}
