#include "db/store/paper_batch_store.h"

#include <utility>

#include "base/status.h"
#include "db/queries/paper_batch_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

// With $2 and $3.
Params Of(const Transaction& transaction, const PageAt& at) {
  return Campaign(transaction).Int64(at.packet_id).Int32(at.page);
}

PaperBatch BatchOf(const Row& row) {
  return {.batch_id = row.Int64(0),
          .is_open = row.Bool(1),
          .walk_time = row.Time(2),
          .walker = row.Id<base::MemberId>(3),
          .second_entry = row.Bool(4),
          .member = row.Id<base::MemberId>(5),
          .open_time = row.Time(6),
          .close_time = row.OptionalTime(7),
          .close_reason = std::string(row.Text(8)),
          .delivery = std::string(row.Text(9))};
}

int Number(const Row& row, int column) { return static_cast<int>(row.Int64(column)); }

PaperWords WordsOf(const Row& row, int kind) {
  return {.kind = std::string(row.OptionalText(kind).value_or("")),
          .marks = std::string(row.OptionalBytea(kind + 1).value_or("")),
          .note = std::string(row.OptionalText(kind + 2).value_or(""))};
}

RowAt RowAtOf(const Row& row) {
  return {.at = {.packet_id = row.Int64(0), .page = row.Int32(1)}, .sequence = row.Int32(2)};
}

}  // namespace

absl::StatusOr<PaperBatch> OpenPaperBatch(Transaction& transaction, const NewPaperBatch& batch) {
  SNOWFIELD_RETURN_IF_ERROR(transaction
                                .Run(queries::kInsertPaperBatch, Campaign(transaction)
                                                                     .Uuid(batch.request)
                                                                     .Id(batch.member)
                                                                     .Id(batch.walker)
                                                                     .Time(batch.walk_time)
                                                                     .Bool(batch.second_entry)
                                                                     .Time(batch.now)
                                                                     .Text(batch.delivery))
                                .status());
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kFindPaperBatch,
                                                                  Campaign(transaction).Int64(0).Uuid(batch.request)));
  if (result.empty()) return absl::InternalError("a batch that was opened is not there");
  return BatchOf(result[0]);
}

absl::StatusOr<PaperBatch> FindPaperBatch(Transaction& transaction, int64_t batch_id, BatchLock lock) {
  Params params = Campaign(transaction).Int64(batch_id);
  if (lock == BatchLock::kNone) params.Uuid(std::nullopt);
  const Query& query = lock == BatchLock::kNone     ? queries::kFindPaperBatch
                       : lock == BatchLock::kShared ? queries::kLockPaperBatch
                                                    : queries::kLockPaperBatchAlone;
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(query, params));
  if (result.empty()) return base::NoSuch("batch_id", "there is no such batch: list them");
  return BatchOf(result[0]);
}

absl::StatusOr<std::vector<PaperBatch>> ListPaperBatches(Transaction& transaction, const PaperBatchQuery& query) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListPaperBatches, Campaign(transaction)
                                                                             .Int64(query.before)
                                                                             .Text(query.state)
                                                                             .Int64(query.member.value)
                                                                             .Int64(query.root.value)
                                                                             .Int64(query.count_max)));
  std::vector<PaperBatch> batches;
  for (const Row row : result) batches.push_back(BatchOf(row));
  return batches;
}

absl::StatusOr<PaperBalance> FindPaperBalance(Transaction& transaction, int64_t batch_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindPaperBalance, Campaign(transaction).Int64(batch_id)));
  const Row row = result[0];
  return PaperBalance{.pages_in = Number(row, 0),
                      .pages_missing = Number(row, 1),
                      .pages_open = Number(row, 2),
                      .rows = Number(row, 3),
                      .keyed = Number(row, 4),
                      .blank = Number(row, 5),
                      .unreadable = Number(row, 6),
                      .open = Number(row, 7),
                      .second_open = Number(row, 8),
                      .differences = Number(row, 9)};
}

absl::StatusOr<std::vector<PaperPage>> ListPaperPages(Transaction& transaction, int64_t batch_id, int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListPaperPages, Campaign(transaction).Int64(batch_id).Int64(count_max)));
  std::vector<PaperPage> pages;
  for (const Row row : result) {
    pages.push_back({.packet_id = row.Int64(0),
                     .page = row.Int32(1),
                     .list_number = std::string(row.Text(2)),
                     .state = std::string(row.Text(3)),
                     .reason = std::string(row.Text(4)),
                     .rows = Number(row, 5),
                     .rows_open = Number(row, 6),
                     .rows_to_see = Number(row, 7),
                     .page_count = row.Int32(8)});
  }
  return pages;
}

absl::StatusOr<PacketToKey> FindPacketToKey(Transaction& transaction, int64_t packet_id, std::string_view field) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindPacketToKey, Campaign(transaction).Int64(packet_id)));
  if (result.empty()) return base::NoSuch(field, "no such packet was printed in this campaign");
  const Row row = result[0];
  return PacketToKey{.list_number = std::string(row.Text(0)),
                     .leader = row.Id<base::MemberId>(1),
                     .turf_number = row.Int32(2),
                     .page_count = row.Int32(3),
                     .script = base::ScriptId(row.Int64(4))};
}

absl::StatusOr<PagePut> PutPaperPage(Transaction& transaction, const PageToPut& page) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kPutPaperPage, Of(transaction, page.at)
                                                                                              .Int64(page.batch_id)
                                                                                              .Text(page.state)
                                                                                              .Text(page.reason)
                                                                                              .Id(page.member)
                                                                                              .Time(page.now)));
  return PagePut{.batch_id = result[0].Int64(0), .was_state = std::string(result[0].Text(1))};
}

absl::StatusOr<int64_t> LockPaperPage(Transaction& transaction, const PageAt& at) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kLockPaperPage, Of(transaction, at)));
  return result.empty() ? 0 : result[0].Int64(0);
}

absl::StatusOr<std::vector<PaperRow>> ListPaperRows(Transaction& transaction, const PageAt& at, EntryRound round) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kListPaperRows,
                                                                  Of(transaction, at).Int32(static_cast<int>(round))));
  std::vector<PaperRow> rows;
  for (const Row row : result) {
    rows.push_back({.sequence = row.Int32(0),
                    .door = row.Id<base::DoorId>(1),
                    .house_number = std::string(row.Text(2)),
                    .street = std::string(row.Text(3)),
                    .unit = std::string(row.Text(4)),
                    .person_ids = row.Int64s(5),
                    .words = WordsOf(row, 6),
                    .member = row.Id<base::MemberId>(9),
                    .entry_time = row.OptionalTime(10),
                    .source = std::string(row.OptionalText(11).value_or("")),
                    .reading = std::string(row.OptionalBytea(12).value_or(""))});
  }
  return rows;
}

absl::StatusOr<std::vector<PersonOfRow>> ListPeopleOfRows(Transaction& transaction, const std::vector<PaperRow>& rows) {
  std::vector<int64_t> people;
  std::vector<base::DoorId> doors;
  for (const PaperRow& row : rows) {
    people.insert(people.end(), row.person_ids.begin(), row.person_ids.end());
    doors.push_back(row.door);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kListPeopleOfRows,
                                                                  Campaign(transaction).Int64s(people).Ids(doors)));
  std::vector<PersonOfRow> found;
  for (const Row row : result) {
    found.push_back({.person = row.Id<base::PersonId>(0),
                     .first_name = std::string(row.Text(1)),
                     .last_name = std::string(row.Text(2)),
                     .birth_year = row.OptionalInt32(3),
                     .party = std::string(row.Text(4))});
  }
  return found;
}

absl::StatusOr<bool> HasKeyed(Transaction& transaction, const PageAt& at, EntryRound round, base::MemberId member) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kCountPaperEntriesOf, Of(transaction, at).Int32(static_cast<int>(round)).Id(member)));
  return result[0].Int64(0) > 0;
}

absl::StatusOr<int64_t> InsertPaperEntry(Transaction& transaction, const NewPaperEntry& entry) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kInsertPaperEntry, Of(transaction, entry.at)
                                                                             .Int32(entry.sequence)
                                                                             .Int32(static_cast<int>(entry.round))
                                                                             .Text(entry.words.kind)
                                                                             .Bytea(entry.words.marks)
                                                                             .Text(entry.words.note)
                                                                             .Id(entry.member)
                                                                             .Time(entry.now)
                                                                             .Text(entry.source)));
  return result[0].Int64(0);
}

absl::StatusOr<int> FinishPaperPage(Transaction& transaction, const PageAt& at, EntryRound round, base::MemberId member,
                                    absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFinishPaperPage,
                                             Of(transaction, at).Int32(static_cast<int>(round)).Id(member).Time(now)));
  return static_cast<int>(result.affected_row_count());
}

absl::StatusOr<std::optional<UndoneEntry>> UndoPaperEntry(Transaction& transaction, int64_t batch_id,
                                                          base::MemberId member) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result, transaction.Run(queries::kUndoPaperEntry, Campaign(transaction).Int64(batch_id).Id(member)));
  if (result.empty()) return std::nullopt;
  const RowAt row = RowAtOf(result[0]);
  return UndoneEntry{.at = row.at, .sequence = row.sequence, .round = static_cast<EntryRound>(result[0].Int32(3))};
}

absl::StatusOr<std::vector<DoorWritten>> FindDoorsWritten(Transaction& transaction, const std::string& number_key,
                                                          const std::string& street_key, int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindDoorsWritten,
                                             Campaign(transaction).Text(number_key).Text(street_key).Int64(count_max)));
  std::vector<DoorWritten> doors;
  for (const Row row : result) {
    doors.push_back({.door = row.Id<base::DoorId>(0),
                     .house_number = std::string(row.Text(1)),
                     .street = std::string(row.Text(2)),
                     .unit = std::string(row.Text(3)),
                     .list_number = std::string(row.Text(4)),
                     .leader = row.Id<base::MemberId>(5)});
  }
  return doors;
}

absl::StatusOr<std::optional<WrittenRow>> WriteInPaperRow(Transaction& transaction, const PageAt& at,
                                                          base::DoorId door) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kWriteInPaperRow, Of(transaction, at).Id(door)));
  if (result.empty()) return std::nullopt;
  return WrittenRow{.sequence = result[0].Int32(0), .leader = result[0].Id<base::MemberId>(1)};
}

absl::StatusOr<std::vector<RowAt>> ListPaperDifferences(Transaction& transaction, int64_t batch_id, const RowAt& after,
                                                        int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListPaperDifferences, Campaign(transaction)
                                                                                 .Int64(batch_id)
                                                                                 .Int64(after.at.packet_id)
                                                                                 .Int32(after.at.page)
                                                                                 .Int32(after.sequence)
                                                                                 .Int64(count_max)));
  std::vector<RowAt> rows;
  for (const Row row : result) rows.push_back(RowAtOf(row));
  return rows;
}

absl::StatusOr<std::vector<PaperNews>> ListPaperNews(Transaction& transaction, int64_t batch_id,
                                                     const std::optional<RowAt>& row) {
  const RowAt at = row.value_or(RowAt{});
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(
          queries::kListPaperNews,
          Campaign(transaction).Int64(batch_id).Int64(at.at.packet_id).Int32(at.at.page).Int32(at.sequence)));
  std::vector<PaperNews> news;
  for (const Row found : result) {
    news.push_back({.row = RowAtOf(found),
                    .door = found.Id<base::DoorId>(3),
                    .list_number = std::string(found.Text(4)),
                    .leader = found.Id<base::MemberId>(5),
                    .entry_id = found.OptionalInt64(6),
                    .words = WordsOf(found, 7),
                    .script = base::ScriptId(found.Int64(10)),
                    .revision = found.Int32(11),
                    .knock = found.OptionalUuid(12),
                    .knock_stands = found.Bool(13)});
  }
  return news;
}

absl::Status InsertPaperKnocks(Transaction& transaction, const std::vector<PaperKnock>& knocks) {
  if (knocks.empty()) return absl::OkStatus();
  std::vector<int64_t> packets, entries;
  std::vector<int32_t> pages, sequences, revisions;
  std::vector<base::Uuid> ids;
  for (const PaperKnock& knock : knocks) {
    packets.push_back(knock.row.at.packet_id);
    pages.push_back(knock.row.at.page);
    sequences.push_back(knock.row.sequence);
    revisions.push_back(knock.revision);
    ids.push_back(knock.knock);
    entries.push_back(knock.entry_id.value_or(0));
  }
  return transaction.Defer(queries::kInsertPaperKnocks, Campaign(transaction)
                                                            .Int64s(packets)
                                                            .Int32s(pages)
                                                            .Int32s(sequences)
                                                            .Int32s(revisions)
                                                            .Uuids(ids)
                                                            .Int64s(entries));
}

absl::StatusOr<int> CountPaperKnocks(Transaction& transaction, int64_t batch_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kCountPaperKnocks, Campaign(transaction).Int64(batch_id)));
  return static_cast<int>(result[0].Int64(0));
}

absl::Status ClosePaperBatch(Transaction& transaction, int64_t batch_id, base::MemberId member, std::string_view reason,
                             absl::Time now) {
  return transaction.Defer(queries::kClosePaperBatch,
                           Campaign(transaction).Int64(batch_id).Time(now).Id(member).Text(reason));
}

absl::Status ReopenPaperBatch(Transaction& transaction, int64_t batch_id) {
  return transaction.Defer(queries::kReopenPaperBatch, Campaign(transaction).Int64(batch_id));
}

}  // namespace snowfield::db
