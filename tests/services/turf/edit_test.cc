// Edits by hand over a real server: selecting, previewing, applying, undoing; editors at once; lists that are out.
#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "services/rpc/timestamp.h"
#include "snowfield/canvass/v1/canvass.grpc.pb.h"
#include "tests/services/turf/turf_fixture.h"

namespace snowfield::turf {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

class EditTest : public TurfTest {
 protected:
  v1::SelectDoorsResponse Select(int64_t cut, double west, double south, double east, double north) {
    v1::SelectDoorsRequest request;
    request.set_cut_id(cut);
    auto& ring = *request.mutable_area()->add_polygons()->add_rings()->mutable_coordinates();
    for (const double coordinate : {west, south, east, south, east, north, west, north, west, south}) {
      ring.Add(coordinate);
    }
    v1::SelectDoorsResponse response;
    const grpc::Status status = stub_->SelectDoors(As().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  grpc::Status Preview(int64_t cut, const v1::EditOrder& edit, v1::PreviewEditResponse* response) {
    v1::PreviewEditRequest request;
    request.set_cut_id(cut);
    *request.mutable_edit() = edit;
    request.set_with_shapes(true);
    return stub_->PreviewEdit(As().get(), request, response);
  }
  v1::PreviewEditResponse MustPreview(int64_t cut, const v1::EditOrder& edit) {
    v1::PreviewEditResponse response;
    const grpc::Status status = Preview(cut, edit, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  grpc::Status Apply(int64_t cut, const v1::EditOrder& edit, const std::string& etag, v1::ApplyEditResponse* response,
                     const std::string& request_id = base::Uuid::Random().ToString()) {
    v1::ApplyEditRequest request;
    request.set_cut_id(cut);
    request.set_request_id(request_id);
    *request.mutable_edit() = edit;
    request.set_etag(etag);
    return stub_->ApplyEdit(As().get(), request, response);
  }
  v1::ApplyEditResponse Do(int64_t cut, const v1::EditOrder& edit) {
    v1::ApplyEditResponse response;
    const grpc::Status status = Apply(cut, edit, MustPreview(cut, edit).etag(), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  grpc::Status Undo(int64_t cut, int number, v1::UndoEditResponse* response) {
    v1::UndoEditRequest request;
    request.set_cut_id(cut);
    request.set_edit_number(number);
    request.set_request_id(base::Uuid::Random().ToString());
    return stub_->UndoEdit(As().get(), request, response);
  }

  static v1::EditOrder Split(int turf, int parts) {
    v1::EditOrder order;
    order.mutable_split()->set_turf_number(turf);
    order.mutable_split()->set_parts(parts);
    return order;
  }
  static v1::EditOrder Merge(int one, int other) {
    v1::EditOrder order;
    order.mutable_merge()->add_turf_numbers(one);
    order.mutable_merge()->add_turf_numbers(other);
    return order;
  }
  static v1::EditOrder Move(const std::vector<int64_t>& doors, int to) {
    v1::EditOrder order;
    for (const int64_t door : doors) order.mutable_move()->add_door_ids(door);
    order.mutable_move()->set_to_turf_number(to);
    return order;
  }
  static v1::EditOrder SetAside(const std::vector<int64_t>& doors) {
    v1::EditOrder order;
    for (const int64_t door : doors) order.mutable_set_aside()->add_door_ids(door);
    order.mutable_set_aside()->set_reason("gated");
    return order;
  }

  // The doors of each turf, by number.
  std::map<int, std::vector<int64_t>> DoorsOf(int64_t cut) {
    std::map<int, std::vector<int64_t>> doors;
    for (const v1::ExportTurfsResponse& turf : Export(cut)) {
      for (const v1::TurfDoor& door : turf.doors()) doors[turf.turf().number()].push_back(door.door_id());
    }
    return doors;
  }

  std::string Assign(int64_t cut, int turf, base::MemberId leader) {
    v1::AssignTurfsRequest request;
    request.set_leader_id(leader.value);
    for (const v1::Turf& row : Turfs(cut)) {
      if (row.number() == turf) request.add_turf_ids(row.turf_id());
    }
    v1::AssignTurfsResponse response;
    const grpc::Status status = stub_->AssignTurfs(As().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.assignments_size() == 1 ? response.assignments(0).list_number() : "";
  }
};

TEST_F(EditTest, ALassoNamesDoorsByTurf) {
  const v1::Cut cut = Cut();
  const v1::SelectDoorsResponse all = Select(cut.cut_id(), -78, 38, -76, 40);
  EXPECT_EQ(all.doors(), doors_);
  EXPECT_EQ(all.turfs_size(), static_cast<int>(Turfs(cut.cut_id()).size()));
  const v1::SelectDoorsResponse some = Select(cut.cut_id(), -77.05, 38.8995, -77.048, 38.9012);
  EXPECT_GT(some.doors(), 5);
  EXPECT_LT(some.doors(), doors_);
  const auto doors = DoorsOf(cut.cut_id());
  for (const v1::SelectedTurf& turf : some.turfs()) {
    EXPECT_EQ(turf.turf_doors(), static_cast<int>(doors.at(turf.turf_number()).size()));
    for (const int64_t door : turf.door_ids()) EXPECT_THAT(doors.at(turf.turf_number()), Contains(door));
  }
}

TEST_F(EditTest, APreviewStoresNothingAndSaysWhatWouldChange) {
  const v1::Cut cut = Cut();
  const auto before = DoorsOf(cut.cut_id());
  const v1::PreviewEditResponse preview = MustPreview(cut.cut_id(), Split(1, 2));
  ASSERT_EQ(preview.turfs_size(), 2);
  const v1::TurfEdit& old = preview.turfs(0);
  const v1::TurfEdit& made = preview.turfs(1);
  EXPECT_EQ(old.before().doors(), static_cast<int>(before.at(1).size()));
  EXPECT_EQ(old.after().doors() + made.after().doors(), old.before().doors());
  EXPECT_FALSE(made.has_before());
  EXPECT_EQ(made.turf_number(), static_cast<int>(before.size()) + 1);
  EXPECT_EQ(preview.moves_size(), made.after().doors());
  EXPECT_EQ(made.came(0).turf_number(), 1);
  EXPECT_EQ(old.left(0).doors(), made.after().doors());
  EXPECT_THAT(made.problems(), Contains("UNEVEN")) << "ten doors where twenty are wanted";
  EXPECT_GT(made.after().minutes(), 0);
  EXPECT_GT(made.area().polygons_size(), 0);
  EXPECT_EQ(DoorsOf(cut.cut_id()), before);
}

TEST_F(EditTest, AnAppliedEditIsWhatTheTurfsAre) {
  const v1::Cut cut = Cut();
  const auto before = DoorsOf(cut.cut_id());
  const v1::ApplyEditResponse split = Do(cut.cut_id(), Split(1, 2));
  EXPECT_EQ(split.edit().edit_number(), 1);
  EXPECT_EQ(split.edit().kind(), "split");
  const auto after = DoorsOf(cut.cut_id());
  EXPECT_EQ(after.size(), before.size() + 1);
  Do(cut.cut_id(), Merge(1, static_cast<int>(after.size())));
  auto again = DoorsOf(cut.cut_id());
  EXPECT_EQ(again.size(), before.size());
  EXPECT_EQ(std::set<int64_t>(again[1].begin(), again[1].end()),
            std::set<int64_t>(before.at(1).begin(), before.at(1).end()));
  EXPECT_EQ(Count("select count(*) from turf_door where turf_id is not null"), doors_);
  EXPECT_EQ(Count("select count(*) from turf a join turf b on a.turf_id < b.turf_id and not a.ended and not b.ended "
                  "where st_area(st_intersection(a.area, b.area)) > 1e-11"),
            0);
}

TEST_F(EditTest, DoorsSetAsideAreInNoTurfAndComeBackByAnUndo) {
  const v1::Cut cut = CutAndPublish();
  const auto before = DoorsOf(cut.cut_id());
  const std::vector<int64_t> gone = {before.at(2)[0], before.at(2)[1]};
  const v1::ApplyEditResponse aside = Do(cut.cut_id(), SetAside(gone));
  const auto after = DoorsOf(cut.cut_id());
  for (const int64_t door : gone) EXPECT_THAT(after.at(2), Not(Contains(door)));
  const v1::SelectDoorsResponse all = Select(cut.cut_id(), -78, 38, -76, 40);
  EXPECT_EQ(all.doors(), doors_);
  EXPECT_EQ(all.turfs(0).turf_number(), 0);
  EXPECT_EQ(all.turfs(0).doors(), 2);
  v1::UndoEditResponse undo;
  ASSERT_TRUE(Undo(cut.cut_id(), aside.edit().edit_number(), &undo).ok());
  EXPECT_EQ(undo.edit().undoes_edit_number(), aside.edit().edit_number());
  EXPECT_EQ(DoorsOf(cut.cut_id()), before);
  EXPECT_EQ(Count("select count(*) from turf_door where live"), doors_);
  // And the undo is undone.
  v1::UndoEditResponse redo;
  ASSERT_TRUE(Undo(cut.cut_id(), undo.edit().edit_number(), &redo).ok());
  EXPECT_EQ(DoorsOf(cut.cut_id()), after);
}

TEST_F(EditTest, AnEditIsUndoneOnceAndOnlyFromTheTop) {
  const v1::Cut cut = Cut();
  const auto before = DoorsOf(cut.cut_id());
  Do(cut.cut_id(), Split(1, 2));
  Do(cut.cut_id(), Move({before.at(2)[0]}, 1));
  v1::UndoEditResponse response;
  EXPECT_EQ(tests::ReasonOf(Undo(cut.cut_id(), 1, &response)), "TURFS_EDITED_SINCE");
  ASSERT_TRUE(Undo(cut.cut_id(), 2, &response).ok());
  EXPECT_EQ(tests::ReasonOf(Undo(cut.cut_id(), 2, &response)), "EDIT_UNDONE_ALREADY");
  EXPECT_EQ(Undo(cut.cut_id(), 9, &response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(EditTest, ARequestSentAgainIsTheSameEdit) {
  const v1::Cut cut = Cut();
  const std::string etag = MustPreview(cut.cut_id(), Split(1, 2)).etag();
  const std::string id = base::Uuid::Random().ToString();
  v1::ApplyEditResponse first, again;
  ASSERT_TRUE(Apply(cut.cut_id(), Split(1, 2), etag, &first, id).ok());
  ASSERT_TRUE(Apply(cut.cut_id(), Split(1, 2), etag, &again, id).ok());
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(Count("select count(*) from turf_edit"), 1);
}

TEST_F(EditTest, OfTwoEditorsOfOneTurfOneIsToldToLookAgain) {
  const v1::Cut cut = Cut();
  const std::string split = MustPreview(cut.cut_id(), Split(1, 2)).etag();
  const std::string merge = MustPreview(cut.cut_id(), Merge(1, 2)).etag();
  v1::ApplyEditResponse response;
  ASSERT_TRUE(Apply(cut.cut_id(), Split(1, 2), split, &response).ok());
  const grpc::Status second = Apply(cut.cut_id(), Merge(1, 2), merge, &response);
  EXPECT_EQ(second.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(tests::ReasonOf(second), "TURF_CHANGED");
}

TEST_F(EditTest, OfEditorsAtTheSameMomentNoneOverwritesAnother) {
  const v1::Cut cut = Cut();
  const std::string etag = MustPreview(cut.cut_id(), Merge(1, 2)).etag();
  constexpr int kEditors = 6;
  std::atomic<int> won{0}, aborted{0};
  std::vector<std::thread> editors;
  for (int i = 0; i < kEditors; ++i) {
    editors.emplace_back([&] {
      v1::ApplyEditResponse response;
      const grpc::Status status = Apply(cut.cut_id(), Merge(1, 2), etag, &response);
      if (status.ok()) ++won;
      if (status.error_code() == grpc::StatusCode::ABORTED ||
          status.error_code() == grpc::StatusCode::INVALID_ARGUMENT) {
        ++aborted;
      }
    });
  }
  for (std::thread& editor : editors) editor.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(aborted, kEditors - 1);
  EXPECT_EQ(Count("select count(*) from turf_door where turf_id is not null"), doors_);
}

TEST_F(EditTest, EditorsOfDifferentTurfsAllGetThrough) {
  const v1::Cut cut = Cut();
  constexpr int kEditors = 4;
  std::atomic<int> won{0};
  std::vector<std::thread> editors;
  for (int i = 1; i <= kEditors; ++i) {
    editors.emplace_back([&, i] {
      const v1::EditOrder edit = SetAside({DoorsOf(cut.cut_id()).at(i)[0]});
      v1::ApplyEditResponse response;
      if (Apply(cut.cut_id(), edit, MustPreview(cut.cut_id(), edit).etag(), &response).ok()) ++won;
    });
  }
  for (std::thread& editor : editors) editor.join();
  EXPECT_EQ(won, kEditors);
  EXPECT_EQ(Count("select count(*) from turf_door where turf_id is null"), kEditors);
}

TEST_F(EditTest, HistorySaysWhoDidWhatAndWhatMoved) {
  const v1::Cut cut = Cut();
  const auto doors = DoorsOf(cut.cut_id());
  Do(cut.cut_id(), Move({doors.at(1)[0], doors.at(1)[1]}, 2));
  Do(cut.cut_id(), Split(3, 2));
  v1::ListEditsRequest request;
  request.set_cut_id(cut.cut_id());
  request.set_page_size(1);
  v1::ListEditsResponse response;
  ASSERT_TRUE(stub_->ListEdits(As().get(), request, &response).ok());
  ASSERT_EQ(response.edits_size(), 1);
  EXPECT_EQ(response.edits(0).edit_number(), 2);
  EXPECT_EQ(response.edits(0).member_id(), campaign_.owner.value);
  request.set_page_token(response.next_page_token());
  v1::ListEditsResponse next;
  ASSERT_TRUE(stub_->ListEdits(As().get(), request, &next).ok());
  ASSERT_EQ(next.edits_size(), 1);
  EXPECT_EQ(next.edits(0).kind(), "move");
  EXPECT_EQ(next.edits(0).moved_doors(), 2);
  EXPECT_EQ(next.next_page_token(), "");
  v1::ListEditMovesRequest moves;
  moves.set_cut_id(cut.cut_id());
  moves.set_edit_number(1);
  v1::ListEditMovesResponse moved;
  ASSERT_TRUE(stub_->ListEditMoves(As().get(), moves, &moved).ok());
  ASSERT_EQ(moved.moves_size(), 2);
  EXPECT_EQ(moved.moves(0).from_turf_number(), 1);
  EXPECT_EQ(moved.moves(0).to_turf_number(), 2);
}

TEST_F(EditTest, BadOrdersAreRefusedWithTheField) {
  const v1::Cut cut = Cut();
  v1::PreviewEditResponse preview;
  EXPECT_EQ(tests::ReasonOf(Preview(cut.cut_id(), {}, &preview)), "EDIT_MISSING");
  EXPECT_EQ(tests::ReasonOf(Preview(cut.cut_id(), Split(999, 2), &preview)), "TURF_UNKNOWN");
  EXPECT_EQ(tests::FieldOf(Preview(cut.cut_id(), Split(999, 2), &preview)), "edit.split.turf_number");
  EXPECT_EQ(tests::ReasonOf(Preview(cut.cut_id(), Move({}, 1), &preview)), "NO_DOORS");
  EXPECT_EQ(tests::FieldOf(Preview(cut.cut_id(), Move({987'654'321}, 1), &preview)), "edit.move.door_ids[0]");
  EXPECT_EQ(Preview(77, Split(1, 2), &preview).error_code(), grpc::StatusCode::NOT_FOUND);
  v1::ApplyEditResponse applied;
  EXPECT_EQ(tests::ReasonOf(Apply(cut.cut_id(), Split(1, 2), "", &applied)), "ETAG_MISSING");
  EXPECT_EQ(tests::ReasonOf(Apply(cut.cut_id(), Split(1, 2), "abc", &applied, "no uuid")), "NOT_A_UUID");
  v1::SelectDoorsRequest select;
  select.set_cut_id(cut.cut_id());
  auto& ring = *select.mutable_area()->add_polygons()->add_rings()->mutable_coordinates();
  for (const double coordinate : {0., 0., 1., 1., 1., 0., 0., 1., 0., 0.}) ring.Add(coordinate);
  v1::SelectDoorsResponse selected;
  const grpc::Status bow_tie = stub_->SelectDoors(As().get(), select, &selected);
  EXPECT_EQ(tests::ReasonOf(bow_tie), "GEOMETRY_INVALID");
  EXPECT_EQ(tests::FieldOf(bow_tie), "area");
}

TEST_F(EditTest, LeadersLookAndDirectorsEdit) {
  const v1::Cut cut = Cut();
  const base::MemberId canvasser = AddMember("canvasser");
  const std::string token = tests::MakeToken(database_, campaign_.campaign, canvasser);
  v1::ApplyEditRequest request;
  request.set_cut_id(cut.cut_id());
  v1::ApplyEditResponse response;
  EXPECT_EQ(stub_->ApplyEdit(server_->As(token).get(), request, &response).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(EditTest, TheNewTurfOfALiveCutIsLiveAndAnOldCutIsNotEdited) {
  const v1::Cut first = CutAndPublish(1);
  Do(first.cut_id(), Split(1, 2));
  EXPECT_EQ(Count("select count(*) from turf_door where live"), doors_);
  CutAndPublish(2);
  v1::PreviewEditResponse preview;
  EXPECT_EQ(tests::ReasonOf(Preview(first.cut_id(), Split(1, 2), &preview)), "CUT_SUPERSEDED");
}

TEST_F(EditTest, AListThatIsOutIsReplacedNeverChanged) {
  const v1::Cut cut = CutAndPublish();
  const base::MemberId leader = AddMember("leader");
  const std::string old_number = Assign(cut.cut_id(), 1, leader);
  const auto doors = DoorsOf(cut.cut_id());
  const v1::EditOrder move = Move({doors.at(1)[0]}, 2);
  const v1::PreviewEditResponse preview = MustPreview(cut.cut_id(), move);
  EXPECT_EQ(preview.turfs(0).list_number(), old_number) << "the preview says whose list will be replaced";
  EXPECT_EQ(preview.turfs(0).leader_id(), leader.value);
  v1::ApplyEditResponse applied;
  ASSERT_TRUE(Apply(cut.cut_id(), move, preview.etag(), &applied).ok());
  ASSERT_EQ(applied.replaced_lists_size(), 1);
  const v1::ReplacedList& replaced = applied.replaced_lists(0);
  EXPECT_EQ(replaced.turf_number(), 1);
  EXPECT_EQ(replaced.old_list_number(), old_number);
  EXPECT_THAT(replaced.new_list_number(), Not(IsEmpty()));
  EXPECT_NE(replaced.new_list_number(), old_number);
  EXPECT_EQ(Count("select count(*) from walk_list where revoke_time is null"), 1);
  EXPECT_EQ(Count("select count(*) from change where kind = 'list_revoked'"), 1) << "its phones are told";
}

TEST_F(EditTest, ATurfThatEndsTakesItsListWithIt) {
  const v1::Cut cut = CutAndPublish();
  const base::MemberId leader = AddMember("leader");
  const std::string number = Assign(cut.cut_id(), 2, leader);
  const v1::ApplyEditResponse applied = Do(cut.cut_id(), Merge(1, 2));
  ASSERT_EQ(applied.replaced_lists_size(), 1);
  EXPECT_EQ(applied.replaced_lists(0).old_list_number(), number);
  EXPECT_EQ(applied.replaced_lists(0).new_list_number(), "");
}

// A phone that has the list of turf 1 out while the turf is edited.
class EditedListTest : public EditTest {
 protected:
  EditedListTest() {
    cut_ = CutAndPublish().cut_id();
    leader_ = AddMember("leader");
    old_number_ = Assign(cut_, 1, leader_);
    const int64_t phone =
        Count(absl::StrCat("with o as (insert into phone (campaign_id, member_id) values (", campaign_.campaign.value,
                           ", ", leader_.value, ") returning phone_id) select phone_id from o"));
    phone_ = tests::MakeToken(database_, campaign_.campaign, leader_, base::PhoneId(phone));
    canvass_ = canvass::v1::CanvassService::NewStub(server_->channel());
    EXPECT_TRUE(CheckOut(old_number_).ok());
  }

  grpc::Status CheckOut(const std::string& number) {
    canvass::v1::CheckOutWalkListRequest request;
    request.set_list_number(number);
    canvass::v1::CheckOutWalkListResponse response;
    return canvass_->CheckOutWalkList(server_->As(phone_).get(), request, &response);
  }
  grpc::Status Download(const std::string& number, canvass::v1::DownloadWalkListResponse* response) {
    canvass::v1::DownloadWalkListRequest request;
    request.set_list_number(number);
    return canvass_->DownloadWalkList(server_->As(phone_).get(), request, response);
  }
  canvass::v1::KnockAnswer Knock(const std::string& number, int64_t door) {
    canvass::v1::SendKnocksRequest request;
    canvass::v1::Knock& knock = *request.add_knocks();
    knock.set_knock_id(base::Uuid::Random().ToString());
    knock.set_door_id(door);
    knock.set_list_number(number);
    knock.set_result(canvass::v1::KNOCK_RESULT_NOT_HOME);
    *knock.mutable_phone_time() = rpc::ToTimestamp(absl::Now());
    canvass::v1::SendKnocksResponse response;
    const grpc::Status status = canvass_->SendKnocks(server_->As(phone_).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.answers_size() == 1 ? response.answers(0) : canvass::v1::KnockAnswer();
  }

  int64_t cut_ = 0;
  base::MemberId leader_;
  std::string old_number_;
  std::string phone_;
  std::unique_ptr<canvass::v1::CanvassService::Stub> canvass_;
};

TEST_F(EditedListTest, TheOldListStillAcceptsItsResultsAndTheNewOneSaysWhatMoved) {
  canvass::v1::DownloadWalkListResponse old_list;
  ASSERT_TRUE(Download(old_number_, &old_list).ok());
  const auto doors = DoorsOf(cut_);
  const int64_t gone = doors.at(1)[0], stays = doors.at(1)[1], comes = doors.at(2)[0], foreign = doors.at(2)[1];
  const v1::PreviewEditResponse preview = MustPreview(cut_, Move({gone}, 2));
  EXPECT_EQ(preview.turfs(0).phones_out(), 1) << "the preview says that a phone has it out";
  Do(cut_, Move({gone}, 2));
  const v1::ApplyEditResponse second = Do(cut_, Move({comes}, 1));
  ASSERT_EQ(second.replaced_lists_size(), 1);
  const std::string newest = second.replaced_lists(0).new_list_number();
  // The phone is still out there with its first list, two edits ago.
  EXPECT_EQ(Knock(old_number_, gone).outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(Knock(old_number_, stays).outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(Knock(old_number_, foreign).outcome(), canvass::v1::KNOCK_OUTCOME_REJECTED) << "it never had this door";
  EXPECT_EQ(Count("select count(*) from knock where 'LATE_LIST' = any (flags)"), 2) << "late is welcome, and marked";
  // It learns that its list has ended, and takes the new one.
  canvass::v1::ListChangesRequest changes_request;
  changes_request.set_change_token(old_list.change_token());
  canvass::v1::ListChangesResponse changes;
  ASSERT_TRUE(canvass_->ListChanges(server_->As(phone_).get(), changes_request, &changes).ok());
  EXPECT_THAT(changes.changes(), Not(IsEmpty()));
  canvass::v1::DownloadWalkListResponse download;
  EXPECT_EQ(tests::ReasonOf(Download(old_number_, &download)), "LIST_REVOKED");
  ASSERT_TRUE(CheckOut(newest).ok());
  ASSERT_TRUE(Download(newest, &download).ok());
  EXPECT_EQ(download.doors_size(), static_cast<int>(doors.at(1).size()));
  EXPECT_EQ(download.replaces_list_number(), second.replaced_lists(0).old_list_number());
  EXPECT_THAT(download.came_door_ids(), ::testing::ElementsAre(comes));
  EXPECT_THAT(download.left_door_ids(), IsEmpty());
  EXPECT_EQ(Knock(newest, comes).outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED);
}

TEST_F(EditedListTest, AListOfATurfThatEndedStillAcceptsItsResults) {
  const auto doors = DoorsOf(cut_);
  Do(cut_, Merge(2, 1));
  EXPECT_EQ(Knock(old_number_, doors.at(1)[0]).outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED);
}

TEST_F(EditedListTest, AListHandedOutAfterAnEditHoldsTheEditedTurf) {
  const auto doors = DoorsOf(cut_);
  Do(cut_, Move({doors.at(3)[0]}, 4));
  const std::string number = Assign(cut_, 4, leader_);
  EXPECT_EQ(Knock(number, doors.at(3)[0]).outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(Knock(number, doors.at(1)[0]).outcome(), canvass::v1::KNOCK_OUTCOME_REJECTED);
}

TEST_F(EditedListTest, SettingADoorAsideReplacesTheListOnce) {
  const auto doors = DoorsOf(cut_);
  const v1::ApplyEditResponse applied = Do(cut_, SetAside({doors.at(1)[2]}));
  ASSERT_EQ(applied.replaced_lists_size(), 1);
  canvass::v1::DownloadWalkListResponse download;
  ASSERT_TRUE(CheckOut(applied.replaced_lists(0).new_list_number()).ok());
  ASSERT_TRUE(Download(applied.replaced_lists(0).new_list_number(), &download).ok());
  EXPECT_THAT(download.left_door_ids(), ::testing::ElementsAre(doors.at(1)[2]));
  EXPECT_EQ(Knock(old_number_, doors.at(1)[2]).outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED);
}

}  // namespace
}  // namespace snowfield::turf
