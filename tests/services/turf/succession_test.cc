// A cut that takes the place of a live one: what it would change, and what becomes of the walk lists and of the phones
// that have them out.
#include <map>
#include <set>

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

class SuccessionTest : public TurfTest {
 protected:
  // A live cut whose turfs all belong to one leader, who has a phone; then the last door of turf 1 moves to turf 2 of
  // the live cut, so that a new cut with the same seed differs from it by this door alone.
  void MakeLiveCut() {
    live_ = CutAndPublish(1);
    leader_ = AddMember("leader");
    phone_ = MakePhone(leader_);
    v1::AssignTurfsRequest request;
    request.set_leader_id(leader_.value);
    for (const v1::Turf& turf : Turfs(live_.cut_id())) request.add_turf_ids(turf.turf_id());
    v1::AssignTurfsResponse response;
    ASSERT_TRUE(stub_->AssignTurfs(As().get(), request, &response).ok());
    turfs_ = live_.report().turfs();
    ASSERT_EQ(MoveDoor(1, 2), 1);
    canvass_ = canvass::v1::CanvassService::NewStub(server_->channel());
  }

  int64_t MoveDoor(int from, int to) {
    const std::string id = absl::StrCat("cut_id = ", live_.cut_id());
    return Count(absl::StrCat(
        "with f as (select turf_id from turf where ", id, " and number = ", from,
        "), t as (select turf_id from turf where ", id, " and number = ", to,
        "), o as (update turf_door set turf_id = (select turf_id from t), sequence = (select max(sequence) + 1 from "
        "turf_door where turf_id = (select turf_id from t)) where (turf_id, sequence) = (select turf_id, max(sequence) "
        "from turf_door where turf_id = (select turf_id from f) group by 1) returning 1) select count(*) from o"));
  }

  std::string MakePhone(base::MemberId member) {
    const int64_t phone =
        Count(absl::StrCat("with o as (insert into phone (campaign_id, member_id) values (", campaign_.campaign.value,
                           ", ", member.value, ") returning phone_id) select phone_id from o"));
    return tests::MakeToken(database_, campaign_.campaign, member, base::PhoneId(phone));
  }

  // The list numbers of a cut's turfs by turf number.
  std::map<int, std::string> Lists(int64_t cut_id) {
    std::map<int, std::string> lists;
    for (const v1::Turf& turf : Turfs(cut_id)) lists[turf.number()] = turf.list_number();
    return lists;
  }

  grpc::Status CheckOut(const std::string& list_number) {
    canvass::v1::CheckOutWalkListRequest request;
    request.set_list_number(list_number);
    canvass::v1::CheckOutWalkListResponse response;
    return canvass_->CheckOutWalkList(server_->As(phone_).get(), request, &response);
  }

  canvass::v1::DownloadWalkListResponse Download(const std::string& list_number) {
    canvass::v1::DownloadWalkListRequest request;
    request.set_list_number(list_number);
    canvass::v1::DownloadWalkListResponse response;
    const grpc::Status status = canvass_->DownloadWalkList(server_->As(phone_).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  canvass::v1::KnockAnswer Knock(const std::string& list_number, int64_t door) {
    canvass::v1::SendKnocksRequest request;
    canvass::v1::Knock& knock = *request.add_knocks();
    knock.set_knock_id(base::Uuid::Random().ToString());
    knock.set_door_id(door);
    knock.set_list_number(list_number);
    knock.set_result(canvass::v1::KNOCK_RESULT_NOT_HOME);
    *knock.mutable_phone_time() = rpc::ToTimestamp(absl::Now());
    canvass::v1::SendKnocksResponse response;
    const grpc::Status status = canvass_->SendKnocks(server_->As(phone_).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.answers_size() == 1 ? response.answers(0) : canvass::v1::KnockAnswer();
  }

  std::vector<canvass::v1::Change> Changes(const std::string& token) {
    canvass::v1::ListChangesRequest request;
    request.set_change_token(token);
    canvass::v1::ListChangesResponse response;
    EXPECT_TRUE(canvass_->ListChanges(server_->As(phone_).get(), request, &response).ok());
    return {response.changes().begin(), response.changes().end()};
  }

  v1::DiffCutResponse Diff(const v1::DiffCutRequest& request) {
    v1::DiffCutResponse diff;
    const grpc::Status status = stub_->DiffCut(As().get(), request, &diff);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return diff;
  }

  v1::ApplyEditResponse Edit(int64_t cut_id, const v1::EditOrder& edit) {
    v1::PreviewEditRequest look;
    look.set_cut_id(cut_id);
    *look.mutable_edit() = edit;
    v1::PreviewEditResponse seen;
    grpc::Status status = stub_->PreviewEdit(As().get(), look, &seen);
    EXPECT_TRUE(status.ok()) << status.error_message();
    v1::ApplyEditRequest request;
    request.set_cut_id(cut_id);
    request.set_request_id(base::Uuid::Random().ToString());
    *request.mutable_edit() = edit;
    request.set_etag(seen.etag());
    v1::ApplyEditResponse response;
    status = stub_->ApplyEdit(As().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  v1::PublishCutResponse PublishKeeping(int64_t cut_id) {
    v1::PublishCutRequest request;
    request.set_cut_id(cut_id);
    request.set_keep_assignments(true);
    v1::PublishCutResponse response;
    const grpc::Status status = stub_->PublishCut(As().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  v1::Cut live_;
  base::MemberId leader_;
  std::string phone_;
  int turfs_ = 0;
  std::unique_ptr<canvass::v1::CanvassService::Stub> canvass_;
};

TEST_F(SuccessionTest, DiffSaysWhatPublishingWouldDoAndForWhom) {
  MakeLiveCut();
  const auto lists = Lists(live_.cut_id());
  ASSERT_TRUE(CheckOut(lists.at(1)).ok());
  const auto walk = Download(lists.at(1));
  Knock(lists.at(1), walk.doors(0).door_id());
  const v1::Cut next = Cut(1);
  v1::DiffCutRequest request;
  request.set_cut_id(next.cut_id());
  request.set_changed_only(true);
  const v1::DiffCutResponse diff = Diff(request);
  EXPECT_EQ(diff.against_cut_id(), live_.cut_id());
  EXPECT_EQ(diff.totals().turfs_same(), turfs_ - 2);
  EXPECT_EQ(diff.totals().turfs_changed(), 2);
  EXPECT_EQ(diff.totals().turfs_ended() + diff.totals().turfs_new(), 0);
  EXPECT_EQ(diff.totals().doors_kept(), doors_ - 1);
  EXPECT_EQ(diff.totals().doors_moved(), 1);
  EXPECT_EQ(diff.totals().lists_going_on(), turfs_ - 2);
  EXPECT_EQ(diff.totals().lists_renewed(), 2);
  ASSERT_EQ(diff.turfs_size(), 2);
  const v1::TurfDiff& first = diff.turfs(0);
  EXPECT_EQ(first.turf_number(), 1);
  EXPECT_EQ(first.predecessor_number(), 1);
  EXPECT_EQ(first.kept_doors(), first.doors() - 1);
  ASSERT_EQ(first.came_size(), 1);
  EXPECT_EQ(first.came(0).turf_number(), 2);
  EXPECT_EQ(first.came(0).doors(), 1);
  EXPECT_FALSE(first.same_walk());
  EXPECT_EQ(first.assignment().leader_id(), leader_.value);
  EXPECT_EQ(first.assignment().list_number(), lists.at(1));
  ASSERT_EQ(first.phones_out_size(), 1);
  EXPECT_EQ(first.phones_out(0).member_id(), leader_.value);
  EXPECT_EQ(first.doors_done(), 1);
  const v1::TurfDiff& second = diff.turfs(1);
  ASSERT_EQ(second.left_size(), 1);
  EXPECT_EQ(second.left(0).turf_number(), 1);
  EXPECT_EQ(second.phones_out_size(), 0);
}

TEST_F(SuccessionTest, DiffComesInPagesThatHoldEveryTurfOnce) {
  MakeLiveCut();
  const v1::Cut next = Cut(1, 40);
  v1::DiffCutRequest request;
  request.set_cut_id(next.cut_id());
  request.set_page_size(3);
  std::set<int> numbers, ended;
  int rows = 0;
  v1::DiffCutResponse page;
  do {
    page = Diff(request);
    EXPECT_LE(page.turfs_size(), 3);
    for (const v1::TurfDiff& turf : page.turfs()) {
      ++rows;
      (turf.turf_number() == 0 ? ended : numbers)
          .insert(turf.turf_number() == 0 ? turf.predecessor_number() : turf.turf_number());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(static_cast<int>(numbers.size()), next.report().turfs());
  EXPECT_EQ(static_cast<int>(ended.size()), page.totals().turfs_ended());
  EXPECT_EQ(rows, static_cast<int>(numbers.size() + ended.size()));
  EXPECT_GT(page.totals().turfs_ended(), 0);
  EXPECT_EQ(page.totals().lists_ended(), page.totals().turfs_ended());
  EXPECT_EQ(page.totals().doors_kept() + page.totals().doors_moved(), doors_);
}

TEST_F(SuccessionTest, DiffRefusesWhatCanNotBeCompared) {
  v1::DiffCutRequest request;
  v1::DiffCutResponse diff;
  request.set_cut_id(4242);
  EXPECT_EQ(tests::FieldOf(stub_->DiffCut(As().get(), request, &diff)), "cut_id");
  const v1::Cut cut = Cut();
  request.set_cut_id(cut.cut_id());
  EXPECT_EQ(tests::ReasonOf(stub_->DiffCut(As().get(), request, &diff)), "NO_LIVE_CUT");
  request.set_against_cut_id(4242);
  EXPECT_EQ(tests::FieldOf(stub_->DiffCut(As().get(), request, &diff)), "against_cut_id");
  v1::StartCutRequest start = RightRequest();
  start.set_pass_name("second");
  v1::Cut other;
  ASSERT_TRUE(Start(start, &other).ok());
  Watch(other.cut_id());
  request.set_against_cut_id(other.cut_id());
  EXPECT_EQ(tests::ReasonOf(stub_->DiffCut(As().get(), request, &diff)), "CUTS_OF_SEVERAL_PASSES");
  // Against itself nothing changes.
  request.set_against_cut_id(cut.cut_id());
  EXPECT_EQ(Diff(request).totals().turfs_same(), cut.report().turfs());
}

TEST_F(SuccessionTest, ListsOfTurfsThatStayGoOnAndOthersAreRenewed) {
  MakeLiveCut();
  const auto before = Lists(live_.cut_id());
  const v1::Cut next = Cut(1);
  v1::PublishCutResponse response;
  for (int repeat = 0; repeat < 2; ++repeat) {
    response = PublishKeeping(next.cut_id());
    EXPECT_EQ(response.superseded_cut_id(), live_.cut_id());
    EXPECT_EQ(response.kept_walk_lists(), turfs_ - 2);
    EXPECT_EQ(response.revoked_walk_lists(), 2);
    EXPECT_EQ(response.renewed_walk_lists(), 2);
  }
  for (const v1::Turf& turf : Turfs(next.cut_id())) {
    EXPECT_EQ(turf.leader_id(), leader_.value) << turf.number();
    EXPECT_EQ(turf.list_number() == before.at(turf.number()), turf.number() > 2) << turf.number();
  }
  EXPECT_EQ(Count("select count(*) from change where kind = 'list_revoked'"), 2);
  EXPECT_EQ(Count("select count(*) from walk_list where revoke_time is null"), turfs_);
  // Every list is of a live turf, and shows the doors it showed before.
  EXPECT_EQ(
      Count("select count(*) from walk_list w join turf t using (campaign_id, turf_id) where w.revoke_time is null "
            "and not t.live"),
      0);
  // Looked back at, the diff says the same of the turfs, and has no lists any more.
  v1::DiffCutRequest request;
  request.set_cut_id(next.cut_id());
  const v1::DiffCutResponse diff = Diff(request);
  EXPECT_EQ(diff.against_cut_id(), live_.cut_id());
  EXPECT_EQ(diff.totals().turfs_changed(), 2);
  EXPECT_EQ(diff.totals().lists_going_on() + diff.totals().lists_renewed(), 0);
}

TEST_F(SuccessionTest, AListThatIsOutStillTakesResultsWhateverBecomesOfIt) {
  MakeLiveCut();
  const auto lists = Lists(live_.cut_id());
  std::map<int, canvass::v1::DownloadWalkListResponse> walks;
  for (const int turf : {1, 3}) {
    ASSERT_TRUE(CheckOut(lists.at(turf)).ok());
    walks[turf] = Download(lists.at(turf));
  }
  const v1::Cut next = Cut(1);
  PublishKeeping(next.cut_id());

  // Turf 3 stayed as it was: no phone notices.
  EXPECT_THAT(Changes(walks[3].change_token()), IsEmpty());
  const auto on_time = Knock(lists.at(3), walks[3].doors(1).door_id());
  EXPECT_EQ(on_time.outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED);
  EXPECT_THAT(on_time.flags(), Not(Contains("LATE_LIST")));
  const auto again = Download(lists.at(3));
  ASSERT_EQ(again.doors_size(), walks[3].doors_size());
  for (int i = 0; i < again.doors_size(); ++i) EXPECT_EQ(again.doors(i).door_id(), walks[3].doors(i).door_id());

  // Turf 1 changed: its phone is told, and what it brings in is kept, also for a door that is in another turf now.
  const auto changes = Changes(walks[1].change_token());
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].kind(), canvass::v1::CHANGE_KIND_LIST_REVOKED);
  for (const int door : {0, walks[1].doors_size() - 1}) {
    const auto late = Knock(lists.at(1), walks[1].doors(door).door_id());
    EXPECT_EQ(late.outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED) << late.reason();
    EXPECT_THAT(late.flags(), Contains("LATE_LIST"));
  }
  EXPECT_EQ(tests::ReasonOf(CheckOut(lists.at(1))), "LIST_REVOKED");
  // Its leader has a new list of the ground, which shows what was done.
  const std::string renewed = Lists(next.cut_id()).at(1);
  ASSERT_TRUE(CheckOut(renewed).ok());
  const auto walk = Download(renewed);
  EXPECT_EQ(walk.doors_size(), walks[1].doors_size() + 1);
  int done = 0;
  for (const auto& door : walk.doors()) done += door.last_result() == canvass::v1::KNOCK_RESULT_NOT_HOME ? 1 : 0;
  EXPECT_EQ(done, 2);
}

TEST_F(SuccessionTest, ARenewedListNamesTheOneItReplaces) {
  MakeLiveCut();
  const auto before = Lists(live_.cut_id());
  const v1::Cut next = Cut(1);
  PublishKeeping(next.cut_id());
  const std::string renewed = Lists(next.cut_id()).at(1);
  ASSERT_TRUE(CheckOut(renewed).ok());
  const auto walk = Download(renewed);
  EXPECT_EQ(walk.replaces_list_number(), before.at(1));
  EXPECT_EQ(walk.came_door_ids_size(), 1) << "the door that the live cut had in turf 2";
  EXPECT_EQ(walk.left_door_ids_size(), 0);
  EXPECT_EQ(Count("select count(*) from walk_list n join walk_list o on o.campaign_id = n.campaign_id and "
                  "o.walk_list_id = n.replaces_walk_list_id where n.revoke_time is null and o.revoke_time is not null "
                  "and o.list_number in ('" +
                  before.at(1) + "', '" + before.at(2) + "')"),
            2);
}

TEST_F(SuccessionTest, AListThatWentOnIsReplacedByALaterEditAndStillTakesItsResults) {
  MakeLiveCut();
  const std::string list = Lists(live_.cut_id()).at(3);
  ASSERT_TRUE(CheckOut(list).ok());
  const auto walk = Download(list);
  // The new cut is edited before it is published, so that its turfs are of several versions.
  const v1::Cut next = Cut(1);
  v1::EditOrder there, back;
  there.mutable_move()->add_door_ids(walk.doors(0).door_id());
  there.mutable_move()->set_to_turf_number(4);
  back.mutable_move()->add_door_ids(walk.doors(0).door_id());
  back.mutable_move()->set_to_turf_number(3);
  Edit(next.cut_id(), there);
  Edit(next.cut_id(), back);
  PublishKeeping(next.cut_id());
  const std::string now = Lists(next.cut_id()).at(3);
  const auto edited = Edit(next.cut_id(), there);
  ASSERT_EQ(edited.replaced_lists_size(), 2);
  EXPECT_EQ(edited.replaced_lists(0).old_list_number(), now);
  const auto late = Knock(list, walk.doors(0).door_id());
  EXPECT_EQ(late.outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED) << late.reason();
  EXPECT_THAT(late.flags(), Contains("LATE_LIST"));
}

TEST_F(SuccessionTest, DoorsThatAreSetAsideStayAside) {
  MakeLiveCut();
  const auto turfs = Export(live_.cut_id());
  v1::EditOrder aside;
  for (const int turf : {2, 5}) aside.mutable_set_aside()->add_door_ids(turfs[turf].doors(0).door_id());
  aside.mutable_set_aside()->set_reason("gated");
  Edit(live_.cut_id(), aside);
  for (const bool keep : {false, true}) {
    v1::StartCutRequest request = RightRequest();
    request.set_seed(1);
    request.set_keep_live(keep);
    v1::Cut cut;
    ASSERT_TRUE(Start(request, &cut).ok());
    cut = Watch(cut.cut_id());
    ASSERT_EQ(cut.state(), v1::CUT_STATE_DONE) << cut.failure();
    EXPECT_EQ(cut.report().doors(), doors_ - 2);
    EXPECT_EQ(cut.report().doors_set_aside(), 2);
    EXPECT_EQ(cut.report().doors_lost(), 0);
    PublishKeeping(cut.cut_id());
    EXPECT_EQ(Count(absl::StrCat("select count(*) from turf_door where turf_id is null and aside_reason = 'gated' and "
                                 "cut_id = ",
                                 cut.cut_id())),
              2);
    if (!keep) continue;
    v1::EditOrder back;
    *back.mutable_put_back()->mutable_door_ids() = aside.set_aside().door_ids();
    EXPECT_EQ(Edit(cut.cut_id(), back).edit().moved_doors(), 2);
  }
}

TEST_F(SuccessionTest, TurfsThatEndTakeTheirListsWithThem) {
  MakeLiveCut();
  const v1::Cut next = Cut(1, 40);
  const v1::PublishCutResponse response = PublishKeeping(next.cut_id());
  EXPECT_LT(response.renewed_walk_lists(), response.revoked_walk_lists());
  EXPECT_EQ(response.kept_walk_lists() + response.revoked_walk_lists(), turfs_);
  EXPECT_EQ(Count("select count(*) from walk_list where revoke_time is null"),
            response.kept_walk_lists() + response.renewed_walk_lists());
}

}  // namespace
}  // namespace snowfield::turf
