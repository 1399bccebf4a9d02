#include "services/paper/posting.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/paper/named_id.h"
#include "services/rpc/timestamp.h"
#include "snowfield/paper/v1/entry.pb.h"

namespace snowfield::paper {
namespace {
namespace wire = canvass::v1;
constexpr int kKnocksOfOneBatch = 500;  // as services/canvass takes them

wire::Knock KnockOf(const db::PaperBatch& batch, const db::PaperNews& news, const base::Uuid& id) {
  wire::Knock knock;
  knock.set_knock_id(id.ToString());
  knock.set_door_id(news.door.value);
  knock.set_list_number(news.list_number);
  *knock.mutable_phone_time() = rpc::ToTimestamp(batch.walk_time);
  if (news.knock_stands) knock.set_corrects_knock_id(news.knock->ToString());
  if (!news.words.IsMarks()) {
    knock.set_undo(true);
    return knock;
  }
  v1::Marks marks;
  marks.ParseFromString(news.words.marks);
  knock.set_result(marks.result());
  knock.set_language(marks.language());
  knock.set_note(news.words.note);
  knock.mutable_responses()->Swap(marks.mutable_responses());
  knock.mutable_asks()->Swap(marks.mutable_asks());
  knock.set_script_id(news.script.value);
  return knock;
}

absl::Status Refused(const db::RowAt& row, const wire::KnockAnswer& answer) {
  return base::Problem(absl::StatusCode::kFailedPrecondition, "ROW_REFUSED",
                       absl::StrCat("packet ", row.at.packet_id, ", page ", row.at.page, ", row ", row.sequence),
                       absl::StrCat(answer.message().empty() ? "another knock has this row's id" : answer.message(),
                                    " (", answer.reason(), "): key the row anew, or as unreadable"));
}

}  // namespace

base::Uuid KnockIdOf(base::CampaignId campaign, const db::RowAt& row, int revision) {
  return IdOfName(absl::StrCat("snowfield/paper/", campaign.value, "/", row.at.packet_id, "/", row.at.page, "/",
                               row.sequence, "/", revision));
}

absl::StatusOr<int> PostNews(db::Transaction& transaction, const db::PaperBatch& batch,
                             const std::vector<db::PaperNews>& news, const StoreKnocks& store, absl::Time now) {
  if (news.empty()) return 0;
  std::vector<WalkedKnocks> batches;
  std::vector<std::vector<db::RowAt>> rows;  // of each batch
  std::vector<db::PaperKnock> knocks;
  for (const db::PaperNews& one : news) {
    const base::MemberId walker = batch.walker ? batch.walker : one.leader;
    const bool is_full = !batches.empty() && batches.back().second.knocks_size() == kKnocksOfOneBatch;
    if (batches.empty() || is_full || batches.back().first != walker) {
      batches.emplace_back(walker, wire::SendKnocksRequest());
      rows.emplace_back();
    }
    const base::Uuid id = KnockIdOf(transaction.campaign(), one.row, one.revision + 1);
    *batches.back().second.add_knocks() = KnockOf(batch, one, id);
    rows.back().push_back(one.row);
    knocks.push_back({.row = one.row, .revision = one.revision + 1, .knock = id, .entry_id = one.entry_id});
  }
  SNOWFIELD_RETURN_IF_ERROR(db::InsertPaperKnocks(transaction, knocks));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto answers, store(transaction, batches, now));
  for (size_t b = 0; b < batches.size(); ++b) {
    for (size_t i = 0; i < answers[b].size(); ++i) {
      const bool is_stored = answers[b][i].outcome() == wire::KNOCK_OUTCOME_ACCEPTED ||
                             answers[b][i].outcome() == wire::KNOCK_OUTCOME_DUPLICATE;
      if (!is_stored) return Refused(rows[b][i], answers[b][i]);
    }
  }
  return static_cast<int>(news.size());
}

absl::Status HoldAtOnce(db::Transaction& transaction, const db::PaperBatch& batch, const std::vector<db::RowAt>& rows,
                        const StoreKnocks& store, absl::Time now) {
  std::vector<db::PaperNews> news;
  for (const db::RowAt& row : rows) {
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::PaperNews> of_row,
                               db::ListPaperNews(transaction, batch.batch_id, row));
    news.insert(news.end(), of_row.begin(), of_row.end());
  }
  return PostNews(transaction, batch, news, store, now).status();
}

}  // namespace snowfield::paper
