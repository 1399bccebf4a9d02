// Cuts from request to turfs, over a real server.
#include <atomic>
#include <map>
#include <set>

#include "absl/synchronization/notification.h"
#include "base/uuid.h"
#include "services/turf/start_cut.h"
#include "tests/services/turf/turf_fixture.h"

namespace snowfield::turf {
namespace {

using ::testing::HasSubstr;

// Work that begins and then waits until it is told to stop.
absl::Status WaitForCancel(db::Pool&, const CutJob&, const std::string&, CutProgress& progress) {
  progress.stage = "cutting";
  progress.fraction = 0.5;
  while (!progress.cancelled) absl::SleepFor(absl::Milliseconds(5));
  return absl::CancelledError("asked to stop");
}

TEST_F(TurfTest, CutsEveryDoorIntoExactlyOneTurf) {
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  EXPECT_EQ(cut.state(), v1::CUT_STATE_RUNNING);
  EXPECT_EQ(cut.pass_name(), "first");
  EXPECT_EQ(cut.min_doors(), 18);
  EXPECT_EQ(cut.max_doors(), 22);
  cut = Watch(cut.cut_id());
  ASSERT_EQ(cut.state(), v1::CUT_STATE_DONE) << cut.failure();
  EXPECT_EQ(cut.report().doors(), doors_);
  EXPECT_EQ(cut.report().doors_lost(), 0);
  EXPECT_EQ(cut.report().doors_doubled(), 0);
  EXPECT_FALSE(cut.report().has_doors_kept_share());
  EXPECT_GT(cut.report().walk_length_m(), 0);

  const auto turfs = Export(cut.cut_id());
  EXPECT_EQ(static_cast<int>(turfs.size()), cut.report().turfs());
  std::set<int64_t> doors;
  int number = 0;
  for (const auto& turf : turfs) {
    EXPECT_EQ(turf.turf().number(), ++number);
    EXPECT_GT(turf.turf().region_number(), 0);
    EXPECT_EQ(turf.turf().metrics().doors(), turf.doors_size());
    EXPECT_GT(turf.area().polygons_size(), 0);
    EXPECT_GE(turf.walk().coordinates_size(), 4);
    int sequence = 0;
    for (const v1::TurfDoor& door : turf.doors()) {
      EXPECT_EQ(door.sequence(), ++sequence);
      EXPECT_TRUE(doors.insert(door.door_id()).second) << "door " << door.door_id() << " twice";
    }
  }
  EXPECT_EQ(static_cast<int>(doors.size()), doors_);
}

TEST_F(TurfTest, ExportGivesADoorItsOwnIdBeforeItsAddresss) {
  std::map<char, int> kinds;
  for (const auto& turf : Export(Cut().cut_id())) {
    for (const v1::TurfDoor& door : turf.doors()) {
      ++kinds[door.external_id()[0]];
      EXPECT_EQ(door.external_id()[0] == 'U', door.unit() == "Apt 2");
    }
  }
  EXPECT_GT(kinds['U'], 0);
  EXPECT_EQ(kinds['A'] + kinds['U'], doors_);
}

TEST_F(TurfTest, KeepsTurfsInsideBoundaries) {
  AddPrecincts(database_, campaign_.campaign);
  v1::StartCutRequest request = RightRequest();
  request.set_keep_boundary_kind("precinct");
  v1::Cut cut;
  ASSERT_TRUE(Start(request, &cut).ok());
  cut = Watch(cut.cut_id());
  ASSERT_EQ(cut.state(), v1::CUT_STATE_DONE) << cut.failure();
  EXPECT_EQ(cut.report().turfs_over_boundary(), 0);
  // The same, counted by PostGIS.
  EXPECT_EQ(Count("select count(*) from (select d.turf_id from turf_door d join door o using (campaign_id, door_id) "
                  "join address_point a using (campaign_id, address_point_id) join boundary b on st_covers(b.area, "
                  "a.position) group by 1 having count(distinct b.boundary_id) > 1) t"),
            0);
}

TEST_F(TurfTest, StartRefusesWhatCanNeverBeRight) {
  struct Case {
    std::function<void(v1::StartCutRequest&)> spoil;
    std::string field, reason;
  };
  const std::vector<Case> cases = {
      {[](auto& r) { r.set_target_doors(0); }, "target_doors", "TARGET_OUT_OF_RANGE"},
      {[](auto& r) { r.set_target_doors(-5); }, "target_doors", "TARGET_OUT_OF_RANGE"},
      {[](auto& r) { r.set_target_doors(kTargetDoorsMax + 1); }, "target_doors", "TARGET_OUT_OF_RANGE"},
      {[](auto& r) { r.set_min_doors(21); }, "min_doors", "BOUNDS_OUT_OF_ORDER"},
      {[](auto& r) { r.set_min_doors(0); }, "min_doors", "BOUNDS_OUT_OF_ORDER"},
      {[](auto& r) { r.set_max_doors(19); }, "max_doors", "BOUNDS_OUT_OF_ORDER"},
      {[](auto& r) { r.set_max_doors(1'000'000); }, "max_doors", "BOUNDS_OUT_OF_ORDER"},
      {[](auto& r) { r.set_keep_boundary_kind("ward"); }, "keep_boundary_kind", "BOUNDARY_KIND_UNKNOWN"},
      {[](auto& r) { r.set_pass_name(std::string(101, 'x')); }, "pass_name", "TEXT_OUT_OF_RANGE"},
      {[](auto& r) { r.set_pass_name(std::string("a\0b", 3)); }, "pass_name", "TEXT_OUT_OF_RANGE"},
      {[](auto& r) { r.set_universe_id(-1); }, "universe_id", "UNIVERSE_UNKNOWN"},
  };
  for (const Case& bad : cases) {
    v1::StartCutRequest request = RightRequest();
    bad.spoil(request);
    v1::Cut cut;
    const grpc::Status status = Start(request, &cut);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << bad.field;
    EXPECT_EQ(tests::FieldOf(status), bad.field);
    EXPECT_EQ(tests::ReasonOf(status), bad.reason) << bad.field;
  }
  v1::StartCutRequest request = RightRequest();
  v1::Cut cut;
  request.set_request_id("not a uuid");
  EXPECT_EQ(tests::FieldOf(Start(request, &cut)), "request_id");
  request = RightRequest();
  request.set_universe_id(77);
  const grpc::Status status = Start(request, &cut);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(tests::FieldOf(status), "universe_id");
  EXPECT_EQ(Count("select count(*) from cut"), 0);
}

TEST_F(TurfTest, StartRefusesACutWithNoDoors) {
  const tests::TestCampaign empty = tests::MakeCampaign(database_);
  v1::StartCutResponse response;
  const grpc::Status status = stub_->StartCut(server_->As(empty.owner_token).get(), RightRequest(), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(tests::ReasonOf(status), "NO_DOORS");
  EXPECT_EQ(tests::FieldOf(status), "universe_id");
  EXPECT_THAT(status.error_message(), HasSubstr("import addresses"));
}

TEST_F(TurfTest, UnsetTargetMeansFortyFive) {
  v1::StartCutRequest request = RightRequest();
  request.clear_target_doors();
  v1::Cut cut;
  ASSERT_TRUE(Start(request, &cut).ok());
  EXPECT_EQ(cut.target_doors(), 45);
  EXPECT_EQ(Watch(cut.cut_id()).state(), v1::CUT_STATE_DONE);
}

TEST_F(TurfTest, SameRequestAnswersWithTheCutItStarted) {
  const v1::StartCutRequest request = RightRequest();
  v1::Cut first, second;
  ASSERT_TRUE(Start(request, &first).ok());
  ASSERT_TRUE(Start(request, &second).ok());
  EXPECT_EQ(first.cut_id(), second.cut_id());
  Watch(first.cut_id());
  ASSERT_TRUE(Start(request, &second).ok());
  EXPECT_EQ(first.cut_id(), second.cut_id());
  EXPECT_EQ(second.state(), v1::CUT_STATE_DONE);
  EXPECT_EQ(Count("select count(*) from cut"), 1);
}

TEST_F(TurfTest, SameRequestFromManyThreadsStartsOneCut) {
  const v1::StartCutRequest request = RightRequest();
  std::vector<v1::Cut> cuts(12);
  std::vector<std::thread> threads;
  for (v1::Cut& cut : cuts) threads.emplace_back([&] { EXPECT_TRUE(Start(request, &cut).ok()); });
  for (std::thread& thread : threads) thread.join();
  for (const v1::Cut& cut : cuts) EXPECT_EQ(cut.cut_id(), cuts[0].cut_id());
  EXPECT_EQ(Count("select count(*) from cut"), 1);
  EXPECT_EQ(Watch(cuts[0].cut_id()).state(), v1::CUT_STATE_DONE);
}

TEST_F(TurfTest, CancelledCutLeavesNoTurfs) {
  Serve({}, WaitForCancel);
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  v1::CancelCutRequest request;
  request.set_cut_id(cut.cut_id());
  for (int repeat = 0; repeat < 2; ++repeat) {
    v1::CancelCutResponse response;
    const grpc::Status status = stub_->CancelCut(As().get(), request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.cut().state(), v1::CUT_STATE_CANCELLED);
  }
  EXPECT_EQ(Watch(cut.cut_id()).state(), v1::CUT_STATE_CANCELLED);
  EXPECT_EQ(Count("select count(*) from turf"), 0);
}

TEST_F(TurfTest, CancelThatComesWhileTurfsAreStoredWins) {
  // The work never hears of the cancellation: the guard in the database alone must hold.
  absl::Notification cancelled;
  Serve({}, [&](db::Pool& pool, const CutJob& job, const std::string& worker, CutProgress&) {
    cancelled.WaitForNotification();
    CutProgress deaf;
    return RunCut(pool, job, worker, deaf);
  });
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  v1::CancelCutRequest request;
  request.set_cut_id(cut.cut_id());
  v1::CancelCutResponse response;
  EXPECT_TRUE(stub_->CancelCut(As().get(), request, &response).ok());
  cancelled.Notify();
  EXPECT_EQ(Watch(cut.cut_id()).state(), v1::CUT_STATE_CANCELLED);
  StopServing();
  EXPECT_EQ(Count("select count(*) from turf"), 0);
  EXPECT_EQ(Count("select count(*) from region"), 0);
}

TEST_F(TurfTest, CancelHeardByTheCutterEndsIt) {
  Serve({}, [](db::Pool& pool, const CutJob& job, const std::string& worker, CutProgress& progress) {
    progress.cancelled = true;
    return RunCut(pool, job, worker, progress);
  });
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  EXPECT_EQ(Watch(cut.cut_id()).state(), v1::CUT_STATE_CANCELLED);
  EXPECT_EQ(Count("select count(*) from turf"), 0);
}

TEST_F(TurfTest, CancelRefusesACutThatIsDone) {
  v1::CancelCutRequest request;
  request.set_cut_id(Cut().cut_id());
  v1::CancelCutResponse response;
  const grpc::Status status = stub_->CancelCut(As().get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(tests::ReasonOf(status), "CUT_ALREADY_DONE");
}

TEST_F(TurfTest, WatchTellsProgressAndEndsWithTheCut) {
  std::atomic<bool> go{false};
  Serve({}, [&](db::Pool& pool, const CutJob& job, const std::string& worker, CutProgress& progress) {
    while (!go) absl::SleepFor(absl::Milliseconds(5));
    return RunCut(pool, job, worker, progress);
  });
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  std::thread starter([&] {
    absl::SleepFor(absl::Milliseconds(300));
    go = true;
  });
  int progress_messages = 0;
  EXPECT_EQ(Watch(cut.cut_id(), &progress_messages).state(), v1::CUT_STATE_DONE);
  EXPECT_GE(progress_messages, 1);
  starter.join();
}

TEST_F(TurfTest, CutOfADeadServerIsMarkedFailed) {
  CutRunnerOptions silent;
  silent.heartbeat_every = absl::Hours(1);
  silent.progress_every = absl::Hours(1);
  Serve(silent, WaitForCancel);
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  EXPECT_EQ(Get(cut.cut_id()).state(), v1::CUT_STATE_RUNNING);
  Count("with o as (update cut set heartbeat_time = now() - interval '61 seconds' returning 1) select count(*) from o");
  cut = Get(cut.cut_id());
  EXPECT_EQ(cut.state(), v1::CUT_STATE_FAILED);
  EXPECT_EQ(cut.failure(), "the server stopped while it was cutting; start it again");
}

TEST_F(TurfTest, WatchOfACutOfAnotherServerEndsWhenThatOneDies) {
  CutRunnerOptions silent;
  silent.heartbeat_every = absl::Hours(1);
  silent.progress_every = absl::Hours(1);
  Serve(silent, WaitForCancel);
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  const std::unique_ptr<tests::TestServer> other_server = std::move(server_);
  const auto other_stub = std::move(stub_);
  Serve({});
  std::thread death([&] {
    absl::SleepFor(absl::Milliseconds(200));
    Count(
        "with o as (update cut set heartbeat_time = now() - interval '2 minutes' returning 1) select count(*) from o");
  });
  EXPECT_EQ(Watch(cut.cut_id()).state(), v1::CUT_STATE_FAILED);
  death.join();
}

TEST_F(TurfTest, HeartbeatKeepsACutAliveAndTellsItToStopWhenItIsTakenAway) {
  CutRunnerOptions quick;
  quick.heartbeat_every = absl::Milliseconds(50);
  std::atomic<bool> stopped{false};
  Serve(quick, [&](db::Pool& pool, const CutJob& job, const std::string& worker, CutProgress& progress) {
    const absl::Status status = WaitForCancel(pool, job, worker, progress);
    stopped = true;
    return status;
  });
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  absl::SleepFor(absl::Milliseconds(300));
  EXPECT_EQ(Count("select count(*) from cut where heartbeat_time > create_time"), 1);
  EXPECT_FALSE(stopped);
  Count("with o as (update cut set state = 'failed' returning 1) select count(*) from o");
  for (int i = 0; i < 200 && !stopped; ++i) absl::SleepFor(absl::Milliseconds(20));
  EXPECT_TRUE(stopped);
}

TEST_F(TurfTest, ServerThatStopsMarksItsCutsFailed) {
  CutRunnerOptions one;
  one.at_once = 1;
  Serve(one, WaitForCancel);
  v1::Cut running, waiting;
  ASSERT_TRUE(Start(RightRequest(), &running).ok());
  ASSERT_TRUE(Start(RightRequest(), &waiting).ok());
  Serve({});
  for (const int64_t cut_id : {running.cut_id(), waiting.cut_id()}) {
    EXPECT_EQ(Get(cut_id).state(), v1::CUT_STATE_FAILED);
    EXPECT_THAT(Get(cut_id).failure(), HasSubstr("the server stopped"));
  }
}

TEST_F(TurfTest, ACutThatThrowsFailsAndTheServerGoesOn) {
  Serve({}, [](db::Pool&, const CutJob&, const std::string&, CutProgress&) -> absl::Status { throw std::bad_alloc(); });
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  EXPECT_EQ(Watch(cut.cut_id()).state(), v1::CUT_STATE_FAILED);
}

TEST_F(TurfTest, StartRefusesMoreThanMayWait) {
  CutRunnerOptions small;
  small.at_once = 1;
  small.waiting_max = 1;
  Serve(small, WaitForCancel);
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  const grpc::Status status = Start(RightRequest(), &cut);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(tests::ReasonOf(status), "CUTS_EXHAUSTED");
}

TEST_F(TurfTest, SameSeedGivesTheSameTurfs) {
  const auto first = Export(Cut(7).cut_id()), second = Export(Cut(7).cut_id());
  ASSERT_EQ(first.size(), second.size());
  for (size_t i = 0; i < first.size(); ++i) {
    ASSERT_EQ(first[i].doors_size(), second[i].doors_size());
    for (int d = 0; d < first[i].doors_size(); ++d)
      EXPECT_EQ(first[i].doors(d).door_id(), second[i].doors(d).door_id());
  }
}

TEST_F(TurfTest, ListsCutsInPagesFromTheNewest) {
  Serve({}, WaitForCancel);
  std::vector<int64_t> started;
  for (int i = 0; i < 7; ++i) {
    v1::Cut cut;
    ASSERT_TRUE(Start(RightRequest(), &cut).ok());
    started.insert(started.begin(), cut.cut_id());
  }
  std::vector<int64_t> listed;
  v1::ListCutsRequest request;
  request.set_page_size(3);
  do {
    v1::ListCutsResponse page;
    ASSERT_TRUE(stub_->ListCuts(As().get(), request, &page).ok());
    for (const v1::Cut& cut : page.cuts()) listed.push_back(cut.cut_id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, started);
}

TEST_F(TurfTest, ExportRefusesACutThatIsNotDone) {
  Serve({}, WaitForCancel);
  v1::Cut cut;
  ASSERT_TRUE(Start(RightRequest(), &cut).ok());
  v1::ExportTurfsRequest request;
  request.set_cut_id(cut.cut_id());
  const auto context = As();
  const auto reader = stub_->ExportTurfs(context.get(), request);
  v1::ExportTurfsResponse turf;
  EXPECT_FALSE(reader->Read(&turf));
  EXPECT_EQ(tests::ReasonOf(reader->Finish()), "CUT_NOT_DONE");
}

TEST_F(TurfTest, ListsTurfsInPagesEachOnce) {
  const v1::Cut cut = Cut();
  v1::ListTurfsRequest request;
  request.set_cut_id(cut.cut_id());
  request.set_page_size(4);
  int number = 0;
  do {
    v1::ListTurfsResponse page;
    ASSERT_TRUE(stub_->ListTurfs(As().get(), request, &page).ok());
    EXPECT_LE(page.turfs_size(), 4);
    for (const v1::Turf& turf : page.turfs()) EXPECT_EQ(turf.number(), ++number);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(number, cut.report().turfs());
  request.set_page_token("no such token");
  v1::ListTurfsResponse page;
  EXPECT_EQ(tests::FieldOf(stub_->ListTurfs(As().get(), request, &page)), "page_token");
}

TEST_F(TurfTest, CutsOfAnotherCampaignAreNotToBeSeen) {
  const v1::Cut cut = Cut();
  const tests::TestCampaign other = tests::MakeCampaign(database_);
  v1::GetCutRequest request;
  request.set_cut_id(cut.cut_id());
  v1::GetCutResponse response;
  EXPECT_EQ(stub_->GetCut(server_->As(other.owner_token).get(), request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace snowfield::turf
