#include "services/turf/edit_turfs.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/uuid.h"
#include "db/pg/run_in_transaction.h"
#include "db/pg/sqlstate.h"
#include "db/store/audit_store.h"
#include "db/store/cut_store.h"
#include "db/store/turf_edit_store.h"
#include "db/store/walk_list_store.h"
#include "services/rpc/geometry.h"
#include "services/turf/edit_conversion.h"
#include "services/turf/replace_lists.h"

namespace snowfield::turf {
namespace {

// How often an edit is planned anew because another editor of the cut was first.
constexpr int kPlansMax = 8;

absl::Status TurfChanged() {
  return base::Problem(absl::StatusCode::kAborted, "TURF_CHANGED", "etag",
                       "the turfs are no longer what was previewed: look at the preview again");
}

// The order, with what an undo needs of the history.
absl::StatusOr<geo::HandEdit> ReadEdit(db::Pool& pool, const access::Call& call, base::CutId cut,
                                       const v1::EditOrder& order) {
  if (!order.has_undo()) return ToHandEdit(order);
  const db::EditKey key{.cut = cut, .number = order.undo().edit_number()};
  SNOWFIELD_ASSIGN_OR_RETURN(const db::EditToUndo undo,
                             db::RunInTransaction(pool, call.ReadScope(), [&](db::Transaction& transaction) {
                               return db::FindEditToUndo(transaction, key);
                             }));
  return ToUndo(undo);
}

// One edit on its way into the database.
struct Order {
  base::CutId cut;
  base::Uuid request;
  v1::EditOrder edit;
  std::optional<std::string> etag;  // none for an undo, which the history's versions hold, and for a door found
};

// Tells the plan's turfs that go on with other doors from those that are no more. Turfs that are only drawn anew keep
// their lists.
absl::StatusOr<std::vector<base::WalkListId>> ReplaceListsOf(db::Transaction& transaction, const geo::EditPlan& plan,
                                                             const db::NewEdit& edit) {
  std::set<int> moved;
  for (const geo::DoorMove& move : plan.moves) {
    moved.insert(move.from);
    moved.insert(move.to);
  }
  std::vector<base::TurfId> changed, ended;
  for (const db::TurfChange& turf : edit.turfs) {
    if (!turf.id || !moved.contains(turf.number)) continue;
    (turf.content.has_value() ? changed : ended).push_back(turf.id);
  }
  return ReplaceLists(transaction, changed, ended);
}

// False where another editor was first.
absl::StatusOr<bool> Store(db::Transaction& transaction, const access::Call& call, const Order& order,
                           const geo::EditPlan& plan, const BoardCache::View& view) {
  SNOWFIELD_RETURN_IF_ERROR(db::LockPass(transaction, view.cut.pass));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::CutToEdit now, db::FindCutToEdit(transaction, order.cut));
  db::NewEdit edit{.key = {.cut = order.cut, .number = view.cut.edit_count + 1},
                   .pass = now.pass,
                   .live = now.state == db::kCutPublished,
                   .kind = KindOf(order.edit),
                   .member = call.caller.member,
                   .request = order.request,
                   .undoes = order.edit.has_undo() ? order.edit.undo().edit_number() : 0,
                   .turfs = {},
                   .moves = {}};
  SNOWFIELD_ASSIGN_OR_RETURN(const bool first, db::CountEdit(transaction, edit.key));
  if (!first) return false;
  if (now.state != db::kCutDone && now.state != db::kCutPublished) {
    return base::NotNow("CUT_SUPERSEDED", "another cut has taken the place of this one: edit that one");
  }
  std::vector<int32_t> numbers;
  for (const geo::TurfEdit& turf : plan.turfs) numbers.push_back(turf.number);
  SNOWFIELD_ASSIGN_OR_RETURN(const auto locked, db::LockEditedTurfs(transaction, order.cut, numbers));
  SNOWFIELD_RETURN_IF_ERROR(FillEdit(plan, locked, edit));
  SNOWFIELD_RETURN_IF_ERROR(db::StoreEdit(transaction, edit));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto revoked, ReplaceListsOf(transaction, plan, edit));
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(
      transaction, {.member = call.caller.member,
                    .action = absl::StrCat("turf.", edit.kind),
                    .subject_kind = "cut",
                    .subject_id = order.cut.value,
                    .detail_json = absl::StrCat("{\"edit\":", edit.key.number, ",\"doors\":", edit.moves.size(),
                                                ",\"replaced_walk_lists\":", revoked.size(), "}")}));
  SNOWFIELD_RETURN_IF_ERROR(db::WriteListsRevoked(transaction, revoked));
  return true;
}

absl::StatusOr<std::optional<db::EditKey>> FindByRequest(db::Pool& pool, const access::Call& call,
                                                         const base::Uuid& request) {
  return db::RunInTransaction(pool, call.ReadScope(), [&](db::Transaction& transaction) {
    return db::FindEditByRequest(transaction, request);
  });
}

// What one try came to: done, or to be tried again because another editor was first.
absl::StatusOr<bool> TryOnce(db::Pool& pool, BoardCache& boards, const access::Call& call, const Order& order) {
  bool done = false;
  const absl::Status status = boards.Use(call, order.cut, [&](const BoardCache::View& view) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const geo::HandEdit edit, ReadEdit(pool, call, order.cut, order.edit));
    absl::StatusOr<geo::EditPlan> plan = view.board.Plan(edit);
    if (!plan.ok()) return InTermsOf(order.edit, plan.status());
    if (order.etag.has_value() && EtagOf(*plan) != *order.etag) return TurfChanged();
    SNOWFIELD_ASSIGN_OR_RETURN(done, db::RunInTransaction(pool, call.Scope(), [&](db::Transaction& transaction) {
                                 return Store(transaction, call, order, *plan, view);
                               }));
    return absl::OkStatus();
  });
  SNOWFIELD_RETURN_IF_ERROR(status);
  return done;
}

// The number of the edit that the order made, now or before.
absl::StatusOr<db::EditKey> Perform(db::Pool& pool, BoardCache& boards, const access::Call& call, const Order& order) {
  for (int i = 0; i < kPlansMax; ++i) {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto earlier, FindByRequest(pool, call, order.request));
    if (earlier.has_value()) return *earlier;
    const absl::StatusOr<bool> done = TryOnce(pool, boards, call, order);
    if (done.ok() || db::ConstraintOf(done.status()) == "turf_edit_request_uk") continue;
    if (db::ConstraintOf(done.status()) == "turf_edit_undoes_uk") {
      return base::NotNow("EDIT_UNDONE_ALREADY", "this edit is undone already: undo the undo to have it back");
    }
    return done.status();
  }
  return base::Problem(absl::StatusCode::kAborted, "TOO_MANY_EDITORS", "",
                       "others are editing this cut at the same moment: try again");
}

template <typename Response>
absl::Status Answer(db::Pool& pool, const access::Call& call, const db::EditKey& key, Response& response) {
  return db::RunInTransaction(pool, call.ReadScope(), [&](db::Transaction& transaction) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto edits, db::ListEdits(transaction, key.cut, key.number + 1, 1));
    for (const db::EditRow& row : edits) ToMessage(row, key.cut, *response.mutable_edit());
    SNOWFIELD_ASSIGN_OR_RETURN(const auto lists, db::ListReplacedLists(transaction, key));
    for (const db::ReplacedList& list : lists) ToMessage(list, *response.add_replaced_lists());
    return absl::OkStatus();
  });
}

}  // namespace

absl::Status TurfEditor::Select(const access::Call& call, const v1::SelectDoorsRequest& request,
                                v1::SelectDoorsResponse& response) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string ewkb, rpc::ToEwkb(request.area(), "area"));
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::Lasso lasso, geo::Lasso::FromEwkb(ewkb, "area"));
  return boards_.Use(call, base::CutId(request.cut_id()), [&](const BoardCache::View& view) {
    const geo::Selection selection = view.board.Select(lasso);
    response.set_doors(selection.door_count);
    for (const geo::Selection::OfTurf& of : selection.turfs) {
      v1::SelectedTurf& turf = *response.add_turfs();
      turf.set_turf_number(of.turf);
      turf.set_doors(static_cast<int32_t>(of.doors.size()));
      const geo::BoardTurf* whole = view.board.Find(of.turf);
      turf.set_turf_doors(whole == nullptr ? 0 : static_cast<int32_t>(whole->turf.doors.size()));
      if (selection.door_count > kSelectDoorsMax) continue;
      for (const base::DoorId door : of.doors) turf.add_door_ids(door.value);
    }
    return absl::OkStatus();
  });
}

absl::Status TurfEditor::Preview(const access::Call& call, const v1::PreviewEditRequest& request,
                                 v1::PreviewEditResponse& response) {
  const base::CutId cut(request.cut_id());
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::HandEdit edit, ReadEdit(*pool_, call, cut, request.edit()));
  SNOWFIELD_RETURN_IF_ERROR(boards_.Use(call, cut, [&](const BoardCache::View& view) -> absl::Status {
    const absl::StatusOr<geo::EditPlan> plan = view.board.Plan(edit);
    if (!plan.ok()) return InTermsOf(request.edit(), plan.status());
    return ToMessage(*plan, {.with_shapes = request.with_shapes()}, response);
  }));
  std::vector<int32_t> numbers;
  for (const v1::TurfEdit& turf : response.turfs()) numbers.push_back(turf.turf_number());
  SNOWFIELD_ASSIGN_OR_RETURN(const auto lists,
                             db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                               return db::ListListsOut(transaction, cut, numbers);
                             }));
  absl::flat_hash_map<int, const db::ListOut*> list_of;
  for (const db::ListOut& list : lists) list_of[list.turf] = &list;
  for (v1::TurfEdit& turf : *response.mutable_turfs()) {
    const auto list = list_of.find(turf.turf_number());
    if (list == list_of.end()) continue;
    turf.set_leader_id(list->second->leader.value);
    turf.set_list_number(list->second->list_number);
    turf.set_phones_out(static_cast<int32_t>(list->second->phones));
  }
  return absl::OkStatus();
}

absl::Status TurfEditor::Apply(const access::Call& call, const v1::ApplyEditRequest& request,
                               v1::ApplyEditResponse& response) {
  SNOWFIELD_ASSIGN_OR_RETURN(const base::Uuid id, base::Uuid::Parse(request.request_id(), "request_id"));
  SNOWFIELD_RETURN_IF_ERROR(ToHandEdit(request.edit()).status());
  if (request.etag().empty()) {
    return base::InvalidField("etag", "ETAG_MISSING", "send the etag of the preview: only what was seen is applied");
  }
  const Order order{
      .cut = base::CutId(request.cut_id()), .request = id, .edit = request.edit(), .etag = request.etag()};
  SNOWFIELD_ASSIGN_OR_RETURN(const db::EditKey key, Perform(*pool_, boards_, call, order));
  return Answer(*pool_, call, key, response);
}

absl::Status TurfEditor::Undo(const access::Call& call, const v1::UndoEditRequest& request,
                              v1::UndoEditResponse& response) {
  SNOWFIELD_ASSIGN_OR_RETURN(const base::Uuid id, base::Uuid::Parse(request.request_id(), "request_id"));
  Order order{.cut = base::CutId(request.cut_id()), .request = id, .edit = {}, .etag = std::nullopt};
  order.edit.mutable_undo()->set_edit_number(request.edit_number());
  SNOWFIELD_ASSIGN_OR_RETURN(const db::EditKey key, Perform(*pool_, boards_, call, order));
  return Answer(*pool_, call, key, response);
}

absl::Status TurfEditor::PutBack(const access::Call& call, base::CutId cut, base::DoorId door,
                                 const base::Uuid& request) {
  Order order{.cut = cut, .request = request, .edit = {}, .etag = std::nullopt};
  order.edit.mutable_put_back()->add_door_ids(door.value);
  return Perform(*pool_, boards_, call, order).status();
}

absl::Status TurfEditor::List(const access::Call& call, const v1::ListEditsRequest& request,
                              v1::ListEditsResponse& response) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage("edits", request.page_size(), request.page_token()));
  const base::CutId cut(request.cut_id());
  return db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) -> absl::Status {
    SNOWFIELD_RETURN_IF_ERROR(db::FindCutToEdit(transaction, cut).status());
    SNOWFIELD_ASSIGN_OR_RETURN(const auto edits, db::ListEdits(transaction, cut, page.after, page.size + 1));
    for (const db::EditRow& row : edits) {
      if (response.edits_size() == page.size) {
        response.set_next_page_token(rpc::NextPageToken("edits", response.edits(page.size - 1).edit_number()));
        break;
      }
      ToMessage(row, cut, *response.add_edits());
    }
    return absl::OkStatus();
  });
}

absl::Status TurfEditor::ListMoves(const access::Call& call, const v1::ListEditMovesRequest& request,
                                   v1::ListEditMovesResponse& response) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                             rpc::ReadPage("edit_moves", request.page_size(), request.page_token()));
  const db::EditKey key{.cut = base::CutId(request.cut_id()), .number = request.edit_number()};
  return db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) -> absl::Status {
    SNOWFIELD_RETURN_IF_ERROR(db::FindEditToUndo(transaction, key).status());
    SNOWFIELD_ASSIGN_OR_RETURN(const auto moves,
                               db::ListMoves(transaction, {.edit = key, .after = page.after, .limit = page.size + 1}));
    for (const db::MoveRow& move : moves) {
      if (response.moves_size() == page.size) {
        response.set_next_page_token(rpc::NextPageToken("edit_moves", response.moves(page.size - 1).door_id()));
        break;
      }
      v1::DoorMove& message = *response.add_moves();
      message.set_door_id(move.door.value);
      message.set_from_turf_number(move.from);
      message.set_to_turf_number(move.to);
    }
    return absl::OkStatus();
  });
}

}  // namespace snowfield::turf
