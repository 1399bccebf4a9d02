#include "services/canvass/walk_lists.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/list_number.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "db/store/change_store.h"
#include "services/rpc/timestamp.h"

namespace snowfield::canvass {
namespace {

absl::StatusOr<MyWalkList> Find(db::Transaction& transaction, const db::PhoneAtTime& phone, const std::string& text) {
  SNOWFIELD_ASSIGN_OR_RETURN(std::string number, base::ParseListNumber(text, "list_number"));
  SNOWFIELD_ASSIGN_OR_RETURN(db::WalkListForPhone list, db::FindWalkList(transaction, number, phone));
  return MyWalkList{.number = std::move(number), .list = std::move(list)};
}

absl::Status NotYours() {
  return base::Problem(absl::StatusCode::kPermissionDenied, "NOT_YOUR_LIST", "list_number",
                       "this list belongs to another team: ask your leader for one of yours");
}

// The people behind the doors of a list are those that the list is about.
absl::Status Audit(db::Transaction& transaction, const db::PhoneAtTime& phone, std::string_view action,
                   base::WalkListId walk_list) {
  return db::WriteAudit(transaction, {.member = phone.member,
                                      .action = action,
                                      .subject_kind = "walk_list",
                                      .subject_id = walk_list.value,
                                      .detail_json = absl::StrCat("{\"phone\":", phone.phone.value, "}")});
}

absl::StatusOr<int> TakeOver(db::Transaction& transaction, const db::PhoneAtTime& phone, base::WalkListId walk_list) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<base::PhoneId> others, db::TakeOverList(transaction, walk_list, phone));
  if (others.empty()) return 0;
  const std::string detail = absl::StrCat("{\"phones\":", others.size(), "}");
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = phone.member,
                                                         .action = "walk_list.take_over",
                                                         .subject_kind = "walk_list",
                                                         .subject_id = walk_list.value,
                                                         .detail_json = detail}));
  std::vector<db::NewChange> changes;
  for (const base::PhoneId other : others) {
    changes.push_back({.kind = db::ChangeKind::kListHandedOver, .walk_list = walk_list, .phone = other});
  }
  SNOWFIELD_RETURN_IF_ERROR(db::AppendChanges(transaction, changes));
  return static_cast<int>(others.size());
}

}  // namespace

absl::StatusOr<MyWalkList> FindMine(db::Transaction& transaction, const db::PhoneAtTime& phone,
                                    const std::string& list_number) {
  SNOWFIELD_ASSIGN_OR_RETURN(MyWalkList found, Find(transaction, phone, list_number));
  if (!found.list.mine) return NotYours();
  if (found.list.revoked) {
    return base::NotNow("LIST_REVOKED", "this list is no longer walked: ask your leader for the one that replaced it");
  }
  return found;
}

absl::StatusOr<v1::ListMyWalkListsResponse> ListMine(db::Transaction& transaction, const db::PhoneAtTime& phone,
                                                     const rpc::Page& page) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::WalkListRow> lists,
                             db::ListWalkListsOf(transaction, phone, base::WalkListId(page.after), page.size + 1));
  v1::ListMyWalkListsResponse response;
  for (const db::WalkListRow& list : lists) {
    if (response.walk_lists_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(kMyWalkLists, lists[page.size - 1].walk_list.value));
      break;
    }
    v1::WalkListSummary* out = response.add_walk_lists();
    out->set_list_number(list.list_number);
    out->set_doors(list.door_count);
    out->set_doors_done(list.doors_done);
    out->set_walk_length_m(list.walk_length_m);
    out->set_phones_out(list.phones_out);
    out->set_out_here(list.out_here);
  }
  return response;
}

absl::StatusOr<v1::CheckOutWalkListResponse> CheckOutMine(db::Transaction& transaction, const db::PhoneAtTime& phone,
                                                          const v1::CheckOutWalkListRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const MyWalkList mine, FindMine(transaction, phone, request.list_number()));
  const absl::Time expire_time = phone.now + kCheckoutLife;
  SNOWFIELD_RETURN_IF_ERROR(db::CheckOut(transaction, mine.list.walk_list, phone, expire_time));
  SNOWFIELD_RETURN_IF_ERROR(Audit(transaction, phone, "walk_list.check_out", mine.list.walk_list));
  v1::CheckOutWalkListResponse response;
  response.set_list_number(mine.number);
  response.set_doors(mine.list.door_count);
  *response.mutable_expire_time() = rpc::ToTimestamp(expire_time);
  if (request.take_over()) {
    SNOWFIELD_ASSIGN_OR_RETURN(const int phones, TakeOver(transaction, phone, mine.list.walk_list));
    response.set_taken_from_phones(phones);
  }
  return response;
}

absl::Status ReturnMine(db::Transaction& transaction, const db::PhoneAtTime& phone, const std::string& list_number) {
  SNOWFIELD_ASSIGN_OR_RETURN(const MyWalkList found, Find(transaction, phone, list_number));
  if (!found.list.mine && !found.list.was_out) return NotYours();
  SNOWFIELD_RETURN_IF_ERROR(db::ReturnList(transaction, found.list.walk_list, phone));
  return Audit(transaction, phone, "walk_list.return", found.list.walk_list);
}

}  // namespace snowfield::canvass
