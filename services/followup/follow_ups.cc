#include "services/followup/follow_ups.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "db/store/follow_up_store.h"
#include "services/access/scope.h"
#include "services/followup/wire.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::followup {
namespace {

constexpr char kListName[] = "follow_ups";
constexpr int64_t kEveryone = -1;

absl::Status CheckList(const v1::ListFollowUpsRequest& request) {
  if (request.owner_id() < kEveryone) {
    return base::InvalidField("owner_id", "OWNER_INVALID", "send a member, 0 for yourself, or -1 for everyone");
  }
  if (request.state() != v1::FOLLOW_UP_STATE_UNSPECIFIED && StateName(request.state()).empty()) {
    return base::InvalidField("state", "STATE_UNKNOWN", "send open, done, dropped, dead, or nothing for open");
  }
  return CheckQueue(request.queue());
}

absl::StatusOr<std::vector<db::FollowUpRow>> ReadRows(db::Transaction& transaction, const access::Caller& caller,
                                                      int64_t owner_id, const db::FollowUpQuery& query) {
  if (owner_id == kEveryone) {
    return db::ListFollowUpsBelow(transaction, access::BranchRoot(caller), query);
  }
  const base::MemberId owner = owner_id == 0 ? caller.member : base::MemberId(owner_id);
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, owner, "owner_id"));
  return db::ListFollowUpsOf(transaction, owner, query);
}

}  // namespace

absl::Status CheckQueue(const std::string& queue) {
  if (queue.size() <= kQueueBytesMax && queue.find('\0') == std::string::npos) return absl::OkStatus();
  return base::InvalidField("queue", "QUEUE_INVALID", "send the name of a queue, such as volunteer");
}

absl::Status TellWhoWasRead(db::Transaction& transaction, const access::Caller& caller, std::string_view action,
                            const std::vector<db::FollowUpRow>& rows) {
  std::vector<int64_t> people;
  for (const db::FollowUpRow& row : rows) {
    if (row.person) people.push_back(row.person.value);
  }
  if (people.empty()) return absl::OkStatus();
  std::sort(people.begin(), people.end());
  people.erase(std::unique(people.begin(), people.end()), people.end());
  return db::WriteAudit(transaction, {.member = caller.member,
                                      .action = action,
                                      .subject_kind = "people",
                                      .detail_json = absl::StrCat("{\"people\":[", absl::StrJoin(people, ","), "]}")});
}

absl::StatusOr<v1::ListFollowUpsResponse> List(db::Transaction& transaction, const access::Caller& caller,
                                               const v1::ListFollowUpsRequest& request) {
  SNOWFIELD_RETURN_IF_ERROR(CheckList(request));
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(kListName, request.page_size(), request.page_token()));
  db::FollowUpQuery query{.state = StateName(request.state()),
                          .queue = request.queue(),
                          .after = base::FollowUpId(page.after),
                          .count_max = page.size + 1};
  if (query.state.empty()) query.state = "open";
  if (page.after != 0) query.after_due_time = absl::FromUnixMicros(page.after_order);
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::FollowUpRow> rows,
                             ReadRows(transaction, caller, request.owner_id(), query));
  v1::ListFollowUpsResponse response;
  if (static_cast<int>(rows.size()) > page.size) {
    rows.pop_back();
    response.set_next_page_token(
        rpc::NextPageToken(kListName, rows.back().follow_up.value, absl::ToUnixMicros(rows.back().due_time)));
  }
  for (const db::FollowUpRow& row : rows) ToMessage(row, *response.add_follow_ups());
  SNOWFIELD_RETURN_IF_ERROR(TellWhoWasRead(transaction, caller, "follow_up.list", rows));
  return response;
}

}  // namespace snowfield::followup
