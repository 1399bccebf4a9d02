// Publishing: one live cut a pass, whatever happens at once.
#include <thread>

#include "base/uuid.h"
#include "tests/services/turf/turf_fixture.h"

namespace snowfield::turf {
namespace {

constexpr char kDoorsLiveTwice[] =
    "select count(*) from (select 1 from turf_door where live group by campaign_id, pass_id, door_id having count(*) > "
    "1) "
    "t";

TEST_F(TurfTest, PublishingMakesTurfsAndDoorsLive) {
  const v1::Cut cut = Cut();
  EXPECT_EQ(Count("select count(*) from turf_door where live"), 0);
  v1::PublishCutResponse response;
  ASSERT_TRUE(Publish(cut.cut_id(), &response).ok());
  EXPECT_EQ(response.cut().state(), v1::CUT_STATE_PUBLISHED);
  EXPECT_EQ(response.superseded_cut_id(), 0);
  EXPECT_EQ(Count("select count(*) from turf_door where live"), doors_);
  EXPECT_EQ(Count("select count(*) from turf where not live"), 0);
}

TEST_F(TurfTest, PublishingSupersedesTheLiveCutAndRevokesItsLists) {
  const v1::Cut first = CutAndPublish(1);
  v1::AssignTurfsRequest assign;
  assign.set_leader_id(AddMember("leader").value);
  for (const v1::Turf& turf : Turfs(first.cut_id())) assign.add_turf_ids(turf.turf_id());
  v1::AssignTurfsResponse assigned;
  ASSERT_TRUE(stub_->AssignTurfs(As().get(), assign, &assigned).ok());
  const int64_t changes_before = Count("select last_change from change_counter");

  const v1::Cut second = Cut(2, 30);
  EXPECT_TRUE(second.report().has_doors_kept_share());
  v1::PublishCutResponse response;
  for (int repeat = 0; repeat < 2; ++repeat) {
    const grpc::Status status = Publish(second.cut_id(), &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.superseded_cut_id(), first.cut_id());
    EXPECT_EQ(response.revoked_walk_lists(), first.report().turfs());
    EXPECT_EQ(response.cut().state(), v1::CUT_STATE_PUBLISHED);
  }
  EXPECT_GT(response.cut().report().doors_kept_share(), 0);
  EXPECT_LT(response.cut().report().doors_kept_share(), 1);
  EXPECT_EQ(Get(first.cut_id()).state(), v1::CUT_STATE_SUPERSEDED);
  EXPECT_EQ(Count("select count(*) from turf_door where live"), doors_);
  EXPECT_EQ(Count("select count(*) from walk_list where revoke_time is null"), 0);
  EXPECT_EQ(Count("select count(*) from change where kind = 'list_revoked'"), first.report().turfs());
  EXPECT_EQ(Count("select last_change from change_counter") - changes_before, first.report().turfs());
  EXPECT_EQ(Count("select count(*) from audit_log where action = 'cut.publish'"), 2);
  // The first one's time is over.
  EXPECT_EQ(tests::ReasonOf(Publish(first.cut_id(), &response)), "CUT_NOT_DONE");
}

TEST_F(TurfTest, SameTurfsAgainKeepEveryDoor) {
  CutAndPublish(5);
  const v1::Cut second = CutAndPublish(5);
  EXPECT_DOUBLE_EQ(second.report().doors_kept_share(), 1);
}

TEST_F(TurfTest, PassesAreLiveBesideOneAnother) {
  CutAndPublish();
  v1::StartCutRequest request = RightRequest();
  request.set_pass_name("second");
  v1::Cut cut;
  ASSERT_TRUE(Start(request, &cut).ok());
  ASSERT_EQ(Watch(cut.cut_id()).state(), v1::CUT_STATE_DONE);
  v1::PublishCutResponse response;
  ASSERT_TRUE(Publish(cut.cut_id(), &response).ok());
  EXPECT_EQ(response.superseded_cut_id(), 0);
  EXPECT_EQ(Count("select count(*) from turf_door where live"), 2 * doors_);
}

TEST_F(TurfTest, PublishRefusesACutThatIsNotDone) {
  v1::PublishCutResponse response;
  EXPECT_EQ(Publish(12345, &response).error_code(), grpc::StatusCode::NOT_FOUND);
  Serve({}, [](db::Pool&, const CutJob&, const std::string&, CutProgress& progress) -> absl::Status {
    while (!progress.cancelled) absl::SleepFor(absl::Milliseconds(5));
    return absl::CancelledError("asked to stop");
  });
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  grpc::Status status = Publish(cut.cut_id(), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(tests::ReasonOf(status), "CUT_NOT_DONE");
  v1::CancelCutRequest cancel;
  cancel.set_cut_id(cut.cut_id());
  v1::CancelCutResponse cancelled;
  ASSERT_TRUE(stub_->CancelCut(As().get(), cancel, &cancelled).ok());
  EXPECT_EQ(tests::ReasonOf(Publish(cut.cut_id(), &response)), "CUT_NOT_DONE");
}

TEST_F(TurfTest, PublishingAtOnceLeavesOneLiveCut) {
  constexpr int kCuts = 6;
  std::vector<v1::Cut> cuts;
  for (int i = 0; i < kCuts; ++i) cuts.push_back(Cut(i + 1, 18 + i));
  std::vector<std::thread> threads;
  for (int repeat = 0; repeat < 2; ++repeat) {
    for (const v1::Cut& cut : cuts) {
      threads.emplace_back([this, &cut] {
        v1::PublishCutResponse response;
        const grpc::Status status = Publish(cut.cut_id(), &response);
        // The second call for a cut may find it superseded by then.
        EXPECT_TRUE(status.ok() || tests::ReasonOf(status) == "CUT_NOT_DONE") << status.error_message();
      });
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Count("select count(*) from cut where state = 'published'"), 1);
  EXPECT_EQ(Count("select count(*) from cut where state = 'superseded'"), kCuts - 1);
  EXPECT_EQ(Count("select count(*) from turf_door where live"), doors_);
  EXPECT_EQ(Count(kDoorsLiveTwice), 0);
  EXPECT_EQ(Count("select count(*) from turf t join cut c using (campaign_id, cut_id) where t.live <> (c.state = "
                  "'published')"),
            0);
}

TEST_F(TurfTest, TheDatabaseItselfRefusesTwoLiveTurfsForADoor) {
  CutAndPublish(1);
  const v1::Cut second = Cut(2, 30);
  static constexpr db::Query kForce = {"test.force_live", "update turf set live = true where campaign_id = $1"};
  absl::StatusOr<db::Transaction> transaction = database_.pool().Begin({.campaign = campaign_.campaign});
  ASSERT_TRUE(transaction.ok());
  const auto forced = transaction->Run(kForce, db::Params().Id(campaign_.campaign));
  EXPECT_EQ(forced.status().code(), absl::StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace snowfield::turf
