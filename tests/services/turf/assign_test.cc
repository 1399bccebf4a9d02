// Handing turfs to leaders.
#include <map>
#include <set>
#include <thread>

#include "base/list_number.h"
#include "services/turf/assign_turfs.h"
#include "tests/services/turf/turf_fixture.h"

namespace snowfield::turf {
namespace {

class AssignTest : public TurfTest {
 protected:
  grpc::Status Assign(base::MemberId leader, const std::vector<int64_t>& turfs, v1::AssignTurfsResponse* response) {
    v1::AssignTurfsRequest request;
    request.set_leader_id(leader.value);
    for (const int64_t turf : turfs) request.add_turf_ids(turf);
    return stub_->AssignTurfs(As().get(), request, response);
  }
  grpc::Status AssignNear(int64_t cut_id, int max, v1::AssignByNearnessResponse* response) {
    v1::AssignByNearnessRequest request;
    request.set_cut_id(cut_id);
    request.set_turfs_per_leader_max(max);
    return stub_->AssignByNearness(As().get(), request, response);
  }
  std::vector<int64_t> TurfIds(int64_t cut_id) {
    std::vector<int64_t> ids;
    for (const v1::Turf& turf : Turfs(cut_id)) ids.push_back(turf.turf_id());
    return ids;
  }
};

TEST_F(AssignTest, GivesEachTurfAListNumberOfItsOwn) {
  const v1::Cut cut = CutAndPublish();
  const base::MemberId leader = AddMember("leader");
  const auto turfs = TurfIds(cut.cut_id());
  v1::AssignTurfsResponse response;
  const grpc::Status status = Assign(leader, turfs, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.assignments_size(), static_cast<int>(turfs.size()));
  std::set<std::string> numbers;
  for (const v1::Assignment& assignment : response.assignments()) {
    EXPECT_TRUE(base::CheckListNumber(assignment.list_number())) << assignment.list_number();
    EXPECT_TRUE(numbers.insert(assignment.list_number()).second);
    EXPECT_EQ(assignment.leader_id(), leader.value);
    EXPECT_EQ(assignment.leader_name(), "Member");
    EXPECT_GT(assignment.doors(), 0);
  }
  for (const v1::Turf& turf : Turfs(cut.cut_id())) EXPECT_TRUE(numbers.contains(turf.list_number()));
}

TEST_F(AssignTest, RepeatingKeepsTheNumberAndAnotherLeaderGetsANewOne) {
  const v1::Cut cut = CutAndPublish();
  const base::MemberId first = AddMember("leader"), second = AddMember("organizer");
  const std::vector<int64_t> turfs = {TurfIds(cut.cut_id())[0], TurfIds(cut.cut_id())[0]};
  v1::AssignTurfsResponse before, again, after;
  ASSERT_TRUE(Assign(first, turfs, &before).ok());
  ASSERT_TRUE(Assign(first, turfs, &again).ok());
  ASSERT_EQ(before.assignments_size(), 1);
  EXPECT_EQ(before.assignments(0).list_number(), again.assignments(0).list_number());
  EXPECT_EQ(Count("select count(*) from change"), 0);
  ASSERT_TRUE(Assign(second, turfs, &after).ok());
  EXPECT_NE(before.assignments(0).list_number(), after.assignments(0).list_number());
  EXPECT_EQ(after.assignments(0).leader_id(), second.value);
  EXPECT_EQ(Count("select count(*) from walk_list where revoke_time is null"), 1);
  EXPECT_EQ(Count("select count(*) from change c join walk_list w using (campaign_id, walk_list_id) where kind = "
                  "'list_revoked' and w.revoke_time is not null"),
            1);
}

TEST_F(AssignTest, RefusesWhatCanNotBeHandedOut) {
  const v1::Cut done = Cut();
  const base::MemberId leader = AddMember("leader"), canvasser = AddMember("canvasser");
  v1::AssignTurfsResponse response;
  EXPECT_EQ(tests::ReasonOf(Assign(leader, {TurfIds(done.cut_id())[0]}, &response)), "CUT_NOT_PUBLISHED");
  const v1::Cut live = CutAndPublish(3);
  const auto turfs = TurfIds(live.cut_id());
  EXPECT_EQ(tests::ReasonOf(Assign(leader, {}, &response)), "TURFS_OUT_OF_RANGE");
  EXPECT_EQ(tests::ReasonOf(Assign(leader, std::vector<int64_t>(kAssignTurfsMax + 1, turfs[0]), &response)),
            "TURFS_OUT_OF_RANGE");
  EXPECT_EQ(tests::ReasonOf(Assign(canvasser, {turfs[0]}, &response)), "NOT_A_LEADER");
  EXPECT_EQ(tests::ReasonOf(Assign(leader, {turfs[0], TurfIds(done.cut_id())[0]}, &response)), "TURFS_OF_SEVERAL_CUTS");
  const grpc::Status unknown = Assign(leader, {turfs[0], 999'999}, &response);
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(tests::FieldOf(unknown), "turf_ids");
  EXPECT_EQ(tests::FieldOf(Assign(base::MemberId(4242), {turfs[0]}, &response)), "leader_id");
  EXPECT_EQ(Count("select count(*) from walk_list"), 0);
}

TEST_F(AssignTest, NearnessRespectsRoomAndLoad) {
  const v1::Cut cut = CutAndPublish();
  const int turfs = cut.report().turfs();
  v1::AssignByNearnessResponse response;
  EXPECT_EQ(tests::ReasonOf(AssignNear(cut.cut_id(), 0, &response)), "NO_LEADERS");
  const base::MemberId west = AddMember("leader", -77.0499, 38.9), east = AddMember("leader", -77.0460, 38.9);
  v1::AssignTurfsResponse by_hand;
  ASSERT_TRUE(Assign(west, {TurfIds(cut.cut_id())[0]}, &by_hand).ok());
  const grpc::Status status = AssignNear(cut.cut_id(), 4, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.assigned(), 7);
  EXPECT_EQ(response.unassigned(), turfs - 8);
  for (const base::MemberId leader : {west, east}) {
    EXPECT_EQ(Count("select count(*) from walk_list where revoke_time is null and leader_id = " +
                    std::to_string(leader.value)),
              4);
  }
  EXPECT_EQ(tests::ReasonOf(AssignNear(cut.cut_id(), -1, &response)), "TURFS_OUT_OF_RANGE");
  ASSERT_TRUE(AssignNear(cut.cut_id(), 1000, &response).ok());
  EXPECT_EQ(response.assigned(), turfs - 8);
  EXPECT_EQ(response.unassigned(), 0);
  ASSERT_TRUE(AssignNear(cut.cut_id(), 1000, &response).ok());
  EXPECT_EQ(response.assigned(), 0);
}

TEST_F(AssignTest, NearnessGivesTurfToTheLeaderWhoLivesThere) {
  const v1::Cut cut = CutAndPublish();
  const base::MemberId west = AddMember("leader", -77.0499, 38.902), east = AddMember("leader", -77.0460, 38.902);
  v1::AssignByNearnessResponse response;
  ASSERT_TRUE(AssignNear(cut.cut_id(), 3, &response).ok());
  std::map<int64_t, double> longitude;
  std::map<int64_t, int> doors;
  for (const auto& turf : Export(cut.cut_id())) {
    for (const v1::TurfDoor& door : turf.doors()) {
      longitude[turf.turf().leader_id()] += door.position().longitude();
      ++doors[turf.turf().leader_id()];
    }
  }
  EXPECT_LT(longitude[west.value] / doors[west.value], longitude[east.value] / doors[east.value]);
}

TEST_F(AssignTest, AssigningAtOnceLeavesOneListForATurf) {
  const v1::Cut cut = CutAndPublish();
  const auto turfs = TurfIds(cut.cut_id());
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([this, &turfs, leader = AddMember("leader")] {
      v1::AssignTurfsResponse response;
      const grpc::Status status = Assign(leader, turfs, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Count("select count(*) from walk_list where revoke_time is null"), static_cast<int64_t>(turfs.size()));
  EXPECT_EQ(Count("select count(distinct leader_id) from walk_list where revoke_time is null"), 1);
  // Every change has its own number, without gaps.
  EXPECT_EQ(Count("select max(change_number) - count(*) from change"), 0);
}

TEST_F(AssignTest, AssigningWhilePublishingLeavesNoListOnADeadTurf) {
  const v1::Cut first = CutAndPublish(1), second = Cut(2, 30);
  const auto turfs = TurfIds(first.cut_id());
  const base::MemberId leader = AddMember("leader");
  std::thread publisher([&] {
    v1::PublishCutResponse response;
    EXPECT_TRUE(Publish(second.cut_id(), &response).ok());
  });
  for (const int64_t turf : turfs) {
    v1::AssignTurfsResponse response;
    const grpc::Status status = Assign(leader, {turf}, &response);
    EXPECT_TRUE(status.ok() || tests::ReasonOf(status) == "CUT_NOT_PUBLISHED") << status.error_message();
  }
  publisher.join();
  EXPECT_EQ(
      Count("select count(*) from walk_list w join turf t using (campaign_id, turf_id) where w.revoke_time is null "
            "and not t.live"),
      0);
}

TEST_F(AssignTest, ListsAssignmentsInPages) {
  const v1::Cut cut = CutAndPublish();
  const base::MemberId leader = AddMember("leader"), other = AddMember("leader");
  const auto turfs = TurfIds(cut.cut_id());
  v1::AssignTurfsResponse assigned;
  ASSERT_TRUE(Assign(leader, {turfs.begin(), turfs.end() - 2}, &assigned).ok());
  ASSERT_TRUE(Assign(other, {turfs.end() - 2, turfs.end()}, &assigned).ok());
  v1::ListAssignmentsRequest request;
  request.set_cut_id(cut.cut_id());
  request.set_page_size(3);
  std::vector<int64_t> listed;
  do {
    v1::ListAssignmentsResponse page;
    ASSERT_TRUE(stub_->ListAssignments(As().get(), request, &page).ok());
    for (const v1::Assignment& assignment : page.assignments()) {
      listed.push_back(assignment.turf_id());
      EXPECT_GE(assignment.region_number(), 1);
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, turfs);
  request.set_leader_id(other.value);
  v1::ListAssignmentsResponse page;
  ASSERT_TRUE(stub_->ListAssignments(As().get(), request, &page).ok());
  EXPECT_EQ(page.assignments_size(), 2);
}

TEST_F(AssignTest, TurfIsGivenOnlyToThoseWhoHaveDoneTheRequiredTraining) {
  const v1::Cut cut = CutAndPublish();
  const base::MemberId trained = AddMember("leader"), lapsed = AddMember("leader");
  const auto turfs = TurfIds(cut.cut_id());
  const std::string c = std::to_string(campaign_.campaign.value), t = std::to_string(trained.value);
  const auto run = [&](const std::string& sql) {
    return Count("with o as (" + sql + " returning 1) select count(*) from o");
  };
  ASSERT_EQ(run("insert into training_module (campaign_id, code, name) values (" + c + ", 'walk', 'Walking')"), 1);
  ASSERT_EQ(run("insert into growth_rule (campaign_id, required_module) values (" + c + ", 'walk')"), 1);
  ASSERT_EQ(run("insert into member_training (campaign_id, member_id, code, complete_time, expire_time) values (" + c +
                ", " + t + ", 'walk', now() - interval '1 day', null), (" + c + ", " + std::to_string(lapsed.value) +
                ", 'walk', now() - interval '9 days', now() - interval '1 day')"),
            2);
  v1::AssignTurfsResponse response;
  const grpc::Status refused = Assign(lapsed, {turfs[0]}, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(tests::ReasonOf(refused), "TRAINING_MISSING");
  EXPECT_THAT(refused.error_message(), ::testing::HasSubstr("walk"));
  EXPECT_THAT(refused.error_message(), ::testing::HasSubstr("member " + std::to_string(lapsed.value)));
  EXPECT_TRUE(Assign(trained, {turfs[0]}, &response).ok());
  // Of all leaders, only who has done it; who is named and has not, is refused.
  v1::AssignByNearnessResponse near;
  ASSERT_TRUE(AssignNear(cut.cut_id(), 1000, &near).ok());
  EXPECT_EQ(near.unassigned(), 0);
  EXPECT_EQ(Count("select count(distinct leader_id) from walk_list"), 1);
  v1::AssignByNearnessRequest request;
  request.set_cut_id(cut.cut_id());
  request.add_leader_ids(lapsed.value);
  EXPECT_EQ(tests::ReasonOf(stub_->AssignByNearness(As().get(), request, &near)), "TRAINING_MISSING");
}

}  // namespace
}  // namespace snowfield::turf
