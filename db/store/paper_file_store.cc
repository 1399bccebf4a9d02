#include "db/store/paper_file_store.h"

#include "absl/time/civil_time.h"
#include "base/status.h"
#include "db/queries/paper_file_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

// With $2 and $3.
Params Of(const Transaction& transaction, const std::vector<PageAt>& pages) {
  std::vector<int64_t> packets;
  std::vector<int32_t> numbers;
  for (const PageAt& at : pages) {
    packets.push_back(at.packet_id);
    numbers.push_back(at.page);
  }
  return Campaign(transaction).Int64s(packets).Int32s(numbers);
}

PageAt PageAtOf(const Row& row) { return {.packet_id = row.Int64(0), .page = row.Int32(1)}; }

}  // namespace

absl::StatusOr<std::vector<FilePage>> FindFilePages(Transaction& transaction, const std::vector<PageAt>& pages) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kFindFilePages, Of(transaction, pages)));
  std::vector<FilePage> found;
  for (const Row row : result) {
    FilePage& page = found.emplace_back();
    page.at = PageAtOf(row);
    page.leader = row.Id<base::MemberId>(2);
    page.script = base::ScriptId(row.Int64(3));
    page.has_rows = row.Bool(4);
    page.batch_id = row.Int64(5);
    if (page.batch_id == 0) continue;
    page.is_open = row.Bool(6);
    page.delivery = std::string(row.Text(7));
    page.member = row.Id<base::MemberId>(8);
    page.walk_time = row.Time(9);
    page.second_entry = row.Bool(10);
    page.is_missing = row.Bool(11);
  }
  return found;
}

absl::StatusOr<std::vector<int64_t>> LockOpenBatches(Transaction& transaction, const std::vector<int64_t>& batches) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kLockOpenBatches, Campaign(transaction).Int64s(batches)));
  std::vector<int64_t> open;
  for (const Row row : result) open.push_back(row.Int64(0));
  return open;
}

absl::StatusOr<std::vector<PageAt>> PutFilePages(Transaction& transaction, const std::vector<PageOfBatch>& pages,
                                                 base::MemberId member, absl::Time now) {
  std::vector<PageAt> fresh;
  if (pages.empty()) return fresh;
  std::vector<PageAt> ats;
  std::vector<int64_t> batches;
  for (const PageOfBatch& page : pages) {
    ats.push_back(page.at);
    batches.push_back(page.batch_id);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kPutFilePages, Of(transaction, ats).Int64s(batches).Id(member).Time(now)));
  for (const Row row : result) {
    if (row.Bool(2)) fresh.push_back(PageAtOf(row));
  }
  return fresh;
}

absl::StatusOr<std::vector<PageOfBatch>> LockFilePages(Transaction& transaction, const std::vector<PageAt>& pages) {
  std::vector<PageOfBatch> locked;
  if (pages.empty()) return locked;
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kLockFilePages, Of(transaction, pages)));
  for (const Row row : result) locked.push_back({.at = PageAtOf(row), .batch_id = row.Int64(2)});
  return locked;
}

absl::StatusOr<std::vector<FileRow>> ListFileRows(Transaction& transaction, const std::vector<PageAt>& pages) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kListFileRows, Of(transaction, pages)));
  std::vector<FileRow> rows;
  for (const Row row : result) {
    rows.push_back({.row = {.at = PageAtOf(row), .sequence = row.Int32(2)},
                    .door = row.Id<base::DoorId>(3),
                    .person_ids = row.Int64s(4)});
  }
  return rows;
}

absl::StatusOr<std::vector<FileWords>> ListFileWords(Transaction& transaction, const std::vector<PageAt>& pages) {
  std::vector<FileWords> words;
  if (pages.empty()) return words;
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kListFileWords, Of(transaction, pages)));
  for (const Row row : result) {
    words.push_back({.row = {.at = PageAtOf(row), .sequence = row.Int32(2)},
                     .words = {.kind = std::string(row.Text(3)),
                               .marks = std::string(row.Bytea(4)),
                               .note = std::string(row.Text(5))},
                     .member = row.Id<base::MemberId>(6),
                     .entry_time = row.Time(7),
                     .from_file = row.Bool(8)});
  }
  return words;
}

absl::StatusOr<std::vector<int64_t>> ListPeopleWhoStay(Transaction& transaction,
                                                       const std::vector<PersonBehind>& people) {
  std::vector<int64_t> stay, ids;
  std::vector<base::DoorId> doors;
  if (people.empty()) return stay;
  for (const PersonBehind& person : people) {
    ids.push_back(person.person_id);
    doors.push_back(person.door);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result, transaction.Run(queries::kListPeopleWhoStay, Campaign(transaction).Int64s(ids).Ids(doors)));
  for (const Row row : result) stay.push_back(row.Int64(0));
  return stay;
}

absl::Status InsertFileEntries(Transaction& transaction, const std::vector<FileEntry>& entries, base::MemberId member,
                               absl::Time now) {
  if (entries.empty()) return absl::OkStatus();
  std::vector<PageAt> ats;
  std::vector<int32_t> sequences;
  std::vector<std::string_view> kinds, marks, notes;
  for (const FileEntry& entry : entries) {
    ats.push_back(entry.row.at);
    sequences.push_back(entry.row.sequence);
    kinds.push_back(entry.words.kind);
    marks.push_back(entry.words.marks);
    notes.push_back(entry.words.note);
  }
  return transaction.Defer(
      queries::kInsertFileEntries,
      Of(transaction, ats).Int32s(sequences).Texts(kinds).Byteas(marks).Texts(notes).Id(member).Time(now));
}

absl::StatusOr<DeliveryBatch> NewestDeliveryBatch(Transaction& transaction, std::string_view delivery,
                                                  base::MemberId member, absl::Time walk_time, base::MemberId walker) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kNewestDeliveryBatch,
                      Campaign(transaction).Text(delivery).Time(walk_time).Int64(walker.value).Id(member)));
  if (result.empty()) return DeliveryBatch{};
  return DeliveryBatch{.batch_id = result[0].Int64(0),
                       .is_open = result[0].Bool(1),
                       .pages = static_cast<int>(result[0].Int64(2)),
                       .batches = static_cast<int>(result[0].Int64(3))};
}

absl::StatusOr<absl::Time> CampaignTime(Transaction& transaction, absl::CivilMinute minute) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kCampaignTime, Campaign(transaction).Text(absl::FormatCivilTime(minute))));
  return result[0].Time(0);
}

absl::StatusOr<std::vector<TemplateRow>> ListTemplateRows(Transaction& transaction, const RowAt& after, int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(
          queries::kListTemplateRows,
          Campaign(transaction).Int64(after.at.packet_id).Int32(after.at.page).Int32(after.sequence).Int64(count_max)));
  std::vector<TemplateRow> rows;
  for (const Row row : result) {
    rows.push_back({.row = {.at = {.packet_id = after.at.packet_id, .page = row.Int32(0)}, .sequence = row.Int32(1)},
                    .house_number = std::string(row.Text(2)),
                    .street = std::string(row.Text(3)),
                    .unit = std::string(row.Text(4)),
                    .lines = row.Int32(5)});
  }
  return rows;
}

}  // namespace snowfield::db
