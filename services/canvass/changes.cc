#include "services/canvass/changes.h"

#include <vector>

#include "base/status.h"
#include "db/store/change_store.h"
#include "services/canvass/change_token.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::canvass {
namespace {

v1::ChangeKind KindOnWire(db::ChangeKind kind) {
  switch (kind) {
    case db::ChangeKind::kKnock:
    case db::ChangeKind::kKnockVoided:
      return v1::CHANGE_KIND_KNOCK;
    case db::ChangeKind::kDoNotContact:
      return v1::CHANGE_KIND_DO_NOT_CONTACT;
    case db::ChangeKind::kListRevoked:
      return v1::CHANGE_KIND_LIST_REVOKED;
    case db::ChangeKind::kListHandedOver:
      return v1::CHANGE_KIND_LIST_HANDED_OVER;
    case db::ChangeKind::kListChanged:
      return v1::CHANGE_KIND_LIST_CHANGED;
  }
  return v1::CHANGE_KIND_UNSPECIFIED;
}

void WriteChange(const db::Change& change, v1::Change& out) {
  out.set_kind(KindOnWire(change.kind));
  out.set_list_number(change.list_number);
  out.set_door_id(change.door.value);
  out.set_result(static_cast<v1::KnockResult>(change.result));
  if (change.result != 0) *out.mutable_knock_time() = rpc::ToTimestamp(change.knock_time);
  for (const base::PersonId person : change.persons) out.add_person_ids(person.value);
  out.set_replaced_by_list_number(change.replaced_by);
}

absl::StatusOr<ChangeToken> StartFrom(const v1::ListChangesRequest& request, base::CampaignId campaign,
                                      const db::ChangeBounds& bounds) {
  if (request.change_token().empty()) return ChangeToken{.campaign = campaign, .after = bounds.floor};
  SNOWFIELD_ASSIGN_OR_RETURN(const ChangeToken token, ReadChangeToken(request.change_token(), campaign));
  if (token.after >= bounds.floor) return token;
  return base::NotNow(
      "FETCH_AGAIN", "changes after this token are no longer kept: download the lists again and start without a token");
}

}  // namespace

absl::StatusOr<v1::ListChangesResponse> ReadChanges(db::Transaction& transaction, base::PhoneId phone,
                                                    const v1::ListChangesRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                             rpc::ReadPage("changes", request.page_size(), "", kChangePageDefault));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::ChangeBounds bounds, db::FindChangeBounds(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(ChangeToken token, StartFrom(request, transaction.campaign(), bounds));
  SNOWFIELD_ASSIGN_OR_RETURN(
      const std::vector<db::Change> changes,
      db::ListChanges(
          transaction,
          {.phone = phone, .only_list = token.only_list, .after = token.after, .count_max = page.size + 1}));
  v1::ListChangesResponse response;
  response.set_more(changes.size() > static_cast<size_t>(page.size));
  for (const db::Change& change : changes) {
    if (response.changes_size() == page.size) break;
    WriteChange(change, *response.add_changes());
    token.after = change.number;
  }
  // With nothing left of its lists, the phone has seen all that there is.
  if (!response.more()) token.after = bounds.last;
  response.set_change_token(WriteChangeToken(token));
  return response;
}

}  // namespace snowfield::canvass
