// Cuts with options, and cuts that follow a live one.
#include <algorithm>
#include <atomic>
#include <map>
#include <set>

#include "base/uuid.h"
#include "services/turf/start_cut.h"
#include "tests/services/turf/turf_fixture.h"

namespace snowfield::turf {
namespace {

class RecutTest : public TurfTest {
 protected:
  v1::Cut CutTo(const v1::StartCutRequest& request) {
    v1::Cut cut;
    const grpc::Status status = Start(request, &cut);
    EXPECT_TRUE(status.ok()) << status.error_message();
    cut = Watch(cut.cut_id());
    EXPECT_EQ(cut.state(), v1::CUT_STATE_DONE) << cut.failure();
    return cut;
  }
  // The doors of each turf by number.
  std::map<int, std::set<int64_t>> DoorsByNumber(int64_t cut_id) {
    std::map<int, std::set<int64_t>> doors;
    for (const auto& turf : Export(cut_id)) {
      for (const v1::TurfDoor& door : turf.doors()) doors[turf.turf().number()].insert(door.door_id());
    }
    return doors;
  }
};

TEST_F(RecutTest, ACutSaysWhatItWasAskedFor) {
  CutAndPublish();
  v1::StartCutRequest request = RightRequest();
  request.clear_target_doors();
  request.set_target_minutes(45);
  request.set_min_minutes(30);
  request.set_finish(v1::WALK_FINISH_START);
  request.set_walk_speed_m_per_s(1.5);
  request.set_seconds_per_door(60);
  request.set_turfs_per_region(3);
  request.set_keep_live(true);
  v1::Cut cut;
  const grpc::Status status = Start(request, &cut);
  ASSERT_TRUE(status.ok()) << status.error_message();
  Watch(cut.cut_id());
  v1::ListCutsResponse all;
  ASSERT_TRUE(stub_->ListCuts(As().get(), v1::ListCutsRequest(), &all).ok());
  ASSERT_EQ(all.cuts_size(), 2);
  for (const v1::Cut& told : {cut, Get(cut.cut_id()), all.cuts(0)}) {
    EXPECT_EQ(told.target_doors(), 0);
    EXPECT_EQ(told.target_minutes(), 45);
    EXPECT_EQ(told.min_minutes(), 30);
    EXPECT_EQ(told.max_minutes(), 49.5);
    EXPECT_EQ(told.finish(), v1::WALK_FINISH_START);
    EXPECT_EQ(told.walk_speed_m_per_s(), 1.5);
    EXPECT_EQ(told.seconds_per_door(), 60);
    EXPECT_EQ(told.turfs_per_region(), 3);
    EXPECT_TRUE(told.keep_live());
    EXPECT_EQ(told.previous_cut_id(), all.cuts(1).cut_id());
  }
}

TEST_F(RecutTest, KeepingTurfsNeedsALiveCut) {
  Cut();
  v1::StartCutRequest request = RightRequest();
  request.set_keep_live(true);
  v1::Cut cut;
  const grpc::Status status = Start(request, &cut);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(tests::ReasonOf(status), "NO_LIVE_CUT");
  EXPECT_EQ(tests::FieldOf(status), "keep_live");
  EXPECT_EQ(Count("select count(*) from cut"), 1);
}

TEST_F(RecutTest, TurfsKeepTheNumbersOfTheGroundTheyStandOn) {
  const v1::Cut first = CutAndPublish(3);
  const auto before = DoorsByNumber(first.cut_id());
  // The same turfs under numbers of their own.
  Count("with o as (update turf set number = number + 100 returning 1) select count(*) from o");
  const v1::Cut again = Cut(3);
  EXPECT_EQ(again.previous_cut_id(), first.cut_id());
  const auto after = DoorsByNumber(again.cut_id());
  ASSERT_EQ(after.size(), before.size());
  for (const auto& [number, doors] : before) EXPECT_EQ(after.at(number + 100), doors) << "turf " << number;
}

TEST_F(RecutTest, TurfsOnNewGroundGetNumbersAboveAllOthers) {
  const v1::Cut first = CutAndPublish(1, 40);
  const int most = first.report().turfs();
  const v1::Cut second = Cut(1, 20);
  std::set<int> numbers;
  for (const v1::Turf& turf : Turfs(second.cut_id())) numbers.insert(turf.number());
  EXPECT_EQ(static_cast<int>(numbers.size()), second.report().turfs());
  EXPECT_GT(std::count_if(numbers.begin(), numbers.end(), [&](int number) { return number > most; }), 0);
  EXPECT_GT(std::count_if(numbers.begin(), numbers.end(), [&](int number) { return number <= most; }), most / 2);
}

TEST_F(RecutTest, ACutOfAnotherPassStartsItsOwnNumbers) {
  CutAndPublish();
  v1::StartCutRequest request = RightRequest();
  request.set_pass_name("second");
  const v1::Cut cut = CutTo(request);
  EXPECT_EQ(cut.previous_cut_id(), 0);
  EXPECT_FALSE(cut.report().has_doors_kept_share());
}

TEST_F(RecutTest, HouseholdsOfWhomEnoughWasAskedAreLeftOutAndNamed) {
  const int64_t door = Count("select min(door_id) from door");
  const auto meet = [&](int times) {
    for (int i = 0; i < times; ++i) {
      Count(absl::StrCat(
          "with m as (insert into meeting (campaign_id, kind, title, host_id, start_time, end_time, time_zone, "
          "capacity, update_time, request_id) values (",
          campaign_.campaign.value, ", 'event', 'Tea', ", campaign_.owner.value,
          ", now(), now() + interval '1 day', 'UTC', 5, now(), gen_random_uuid()) returning meeting_id), p as (insert "
          "into person (campaign_id, dataset, row_key, external_id, door_id) values (",
          campaign_.campaign.value, ", 'd', gen_random_uuid()::text, '', ", door,
          ") returning person_id) insert into meeting_guest (campaign_id, meeting_id, capacity, person_id) select ",
          campaign_.campaign.value, ", meeting_id, 5, person_id from m, p returning guest_id"));
    }
  };
  meet(3);
  EXPECT_EQ(Cut().report().doors_held_back(), 0) << "the limit of a campaign that has set none is 4";
  meet(1);
  const v1::Cut cut = Cut();
  EXPECT_EQ(cut.report().doors(), doors_ - 1);
  EXPECT_EQ(cut.report().doors_held_back(), 1);
  v1::ListHeldDoorsRequest request;
  request.set_cut_id(cut.cut_id());
  v1::ListHeldDoorsResponse response;
  ASSERT_TRUE(stub_->ListHeldDoors(As().get(), request, &response).ok());
  ASSERT_EQ(response.doors_size(), 1);
  EXPECT_EQ(response.doors(0).door_id(), door);
  EXPECT_EQ(response.doors(0).contacts(), 4);
}

TEST_F(RecutTest, RegionsHoldAsManyTurfsAsAskedForAndHangTogether) {
  v1::StartCutRequest request = RightRequest();
  request.set_turfs_per_region(3);
  const v1::Cut cut = CutTo(request);
  std::map<int, int> turfs;
  for (const v1::Turf& turf : Turfs(cut.cut_id())) ++turfs[turf.region_number()];
  for (const auto& [region, count] : turfs) {
    EXPECT_GE(region, 1);
    EXPECT_LE(count, 3);
  }
  EXPECT_LE(static_cast<int>(turfs.size()), (cut.report().turfs() + 2) / 3 + 1);
  // By PostGIS: each turf of a region of several touches another of it.
  EXPECT_EQ(Count("select count(*) from turf t where exists (select from turf o where o.region_id = t.region_id and "
                  "o.turf_id <> t.turf_id) and not exists (select from turf o where o.region_id = t.region_id and "
                  "o.turf_id <> t.turf_id and st_dwithin(o.area, t.area, 1e-7))"),
            0);
}

TEST_F(RecutTest, CutsToMinutesOfWork) {
  v1::StartCutRequest request = RightRequest();
  request.clear_target_doors();
  request.set_target_minutes(45);
  request.set_min_minutes(36);
  request.set_max_minutes(54);
  const v1::Cut cut = CutTo(request);
  int in_bounds = 0;
  for (const v1::Turf& turf : Turfs(cut.cut_id())) {
    const double minutes = turf.metrics().minutes();
    EXPECT_EQ(turf.metrics().in_bounds(), minutes >= 36 && minutes <= 54) << turf.number() << ": " << minutes;
    in_bounds += turf.metrics().in_bounds() ? 1 : 0;
  }
  EXPECT_EQ(in_bounds, cut.report().turfs_in_bounds());
  EXPECT_GE(in_bounds, 0.8 * cut.report().turfs());
  // Twice as fast at the doors makes fewer turfs.
  request.set_request_id(base::Uuid::Random().ToString());
  request.set_seconds_per_door(45);
  EXPECT_LT(CutTo(request).report().turfs(), cut.report().turfs());
}

TEST_F(RecutTest, NewDoorsJoinTheTurfWhoseGroundTheyStandOn) {
  v1::StartCutRequest request = RightRequest();
  request.set_min_doors(12);
  request.set_max_doors(30);
  const v1::Cut first = CutTo(request);
  v1::PublishCutResponse published;
  ASSERT_TRUE(Publish(first.cut_id(), &published).ok());
  request.set_max_doors(40);  // so that no turf is full
  // Beside three doors each a new one.
  ASSERT_EQ(
      Count("with p as (insert into address_point (campaign_id, dataset, row_key, external_id, house_number, street, "
            "street_key, number_key, position) select campaign_id, dataset, 'new' || row_key, 'N' || row_key, "
            "house_number || 'A', street, street_key, number_key || 'a', st_translate(position, 0.00001, 0) from "
            "address_point where row_key in ('101', '203', '305') returning campaign_id, address_point_id), d as "
            "(insert into door (campaign_id, address_point_id) select * from p returning 1) select count(*) from d"),
      3);
  request.set_request_id(base::Uuid::Random().ToString());
  request.set_keep_live(true);
  const v1::Cut second = CutTo(request);
  EXPECT_EQ(second.report().doors(), doors_ + 3);
  EXPECT_EQ(second.report().doors_kept_share(), 1);
  v1::DiffCutRequest compare;
  compare.set_cut_id(second.cut_id());
  compare.set_changed_only(true);
  v1::DiffCutResponse diff;
  ASSERT_TRUE(stub_->DiffCut(As().get(), compare, &diff).ok());
  EXPECT_EQ(diff.totals().doors_kept(), doors_);
  EXPECT_EQ(diff.totals().doors_new(), 3);
  EXPECT_EQ(diff.totals().doors_moved() + diff.totals().doors_gone(), 0);
  EXPECT_EQ(diff.totals().turfs_new() + diff.totals().turfs_ended(), 0);
  // Turfs that got no door have their walk as it was: lists that are out go on.
  EXPECT_LE(diff.totals().turfs_changed(), 3);
}

TEST_F(RecutTest, KeptTurfsAreHeldToOtherBoundsWhereTheOrderNamesSome) {
  v1::StartCutRequest request = RightRequest();
  request.set_target_doors(18);
  request.set_min_doors(12);
  request.set_max_doors(24);
  const v1::Cut first = CutTo(request);
  v1::PublishCutResponse published;
  ASSERT_TRUE(Publish(first.cut_id(), &published).ok());
  request.set_keep_live(true);
  request.set_request_id(base::Uuid::Random().ToString());
  EXPECT_EQ(DoorsByNumber(CutTo(request).cut_id()), DoorsByNumber(first.cut_id()));
  request.set_target_doors(30);
  request.set_min_doors(26);
  request.set_max_doors(36);
  request.set_request_id(base::Uuid::Random().ToString());
  const v1::Cut second = CutTo(request);
  EXPECT_LT(second.report().turfs(), first.report().turfs());
  EXPECT_GE(second.report().turfs_in_bounds(), 0.7 * second.report().turfs());
}

TEST_F(RecutTest, WatchOfACutOfAnotherServerShowsItsProgress) {
  CutRunnerOptions quick;
  quick.progress_every = absl::Milliseconds(20);
  std::atomic<bool> go{false};
  Serve(quick, [&](db::Pool& pool, const CutJob& job, const std::string& worker, CutProgress& progress) {
    progress.stage = "walking";
    progress.fraction = 0.625;
    while (!go && !progress.cancelled) absl::SleepFor(absl::Milliseconds(5));
    return RunCut(pool, job, worker, progress);
  });
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  const std::unique_ptr<tests::TestServer> other_server = std::move(server_);
  const auto other_stub = std::move(stub_);
  Serve({});
  v1::WatchCutRequest request;
  request.set_cut_id(cut.cut_id());
  const auto context = As();
  const auto reader = stub_->WatchCut(context.get(), request);
  v1::WatchCutResponse message;
  bool seen = false;
  while (reader->Read(&message)) {
    if (message.has_cut()) break;
    if (message.stage() != "walking") continue;
    EXPECT_EQ(message.fraction(), 0.625);
    EXPECT_EQ(Get(cut.cut_id()).stage(), "walking");
    seen = true;
    go = true;
  }
  EXPECT_TRUE(seen);
  go = true;
  EXPECT_EQ(message.cut().state(), v1::CUT_STATE_DONE);
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(RecutTest, TheReportHoldsAllSixQualities) {
  const v1::CutReport report = Cut().report();
  EXPECT_EQ(report.doors(), doors_);
  EXPECT_GT(report.turfs_in_bounds(), 0);
  EXPECT_GT(report.shortest_turf_minutes(), 0);
  EXPECT_GE(report.longest_turf_minutes(), report.shortest_turf_minutes());
  EXPECT_GE(report.turf_doors_stddev(), 0);
  EXPECT_EQ(report.turfs_over_barrier(), 0);
  EXPECT_GT(report.walk_per_door_m(), 0);
  EXPECT_GE(report.walk_cost_per_door_m(), report.walk_per_door_m());
  EXPECT_GT(report.polsby_popper_mean(), 0);
  int64_t problems = 0;
  for (const auto& [reason, count] : report.problem_counts()) problems += count;
  EXPECT_EQ(Count("select count(*) from cut_problem"), problems);
}

}  // namespace
}  // namespace snowfield::turf
