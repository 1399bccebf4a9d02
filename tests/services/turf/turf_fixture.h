// TurfTest: a small town in a database, TurfService (and CanvassService, for phones) on a real port, and a director who
// calls it.
// Thread safety: the fixture belongs to the test's thread; stub and database may be used from many.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "services/turf/turf_service.h"
#include "snowfield/turf/v1/turf.grpc.pb.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace snowfield::turf {

// A grid of streets with doors on both sides: `rows` streets from west to east with `doors_per_side` doors on each
// side, and as many crossing streets as keep blocks at about 100 m. Every tenth place is a building of 3 doors, one of
// whose doors has an id of its own. Returns the number of doors.
struct TownPlan {
  int rows = 6;
  int doors_per_side = 30;
};
int BuildTown(tests::TestDatabase& database, base::CampaignId campaign, const TownPlan& plan);
// Two boundaries of kind "precinct" that halve the town from west to east.
void AddPrecincts(tests::TestDatabase& database, base::CampaignId campaign);

class TurfTest : public ::testing::Test {
 protected:
  TurfTest();
  // Puts a service with these options in place of the usual one.
  void Serve(const CutRunnerOptions& options, CutRunner::Work work = RunCut);
  // Ends the server, and with it the service and its cuts.
  void StopServing();

  std::unique_ptr<grpc::ClientContext> As() const { return server_->As(campaign_.owner_token, absl::Seconds(60)); }

  grpc::Status Start(const v1::StartCutRequest& request, v1::Cut* cut);
  // A request that is right: target 20, a fresh request id.
  static v1::StartCutRequest RightRequest();
  v1::Cut Get(int64_t cut_id);
  // Watches to the end; the messages before it are counted.
  v1::Cut Watch(int64_t cut_id, int* progress_messages = nullptr);
  // Starts a cut and watches it to its end, which must be done.
  v1::Cut Cut(int64_t seed = 1, int target_doors = 20);
  grpc::Status Publish(int64_t cut_id, v1::PublishCutResponse* response);
  v1::Cut CutAndPublish(int64_t seed = 1, int target_doors = 20);
  std::vector<v1::ExportTurfsResponse> Export(int64_t cut_id);
  std::vector<v1::Turf> Turfs(int64_t cut_id);
  base::MemberId AddMember(const std::string& role, double longitude = 0, double latitude = 0);
  // The one number that a statement gives, seen by the superuser.
  int64_t Count(const std::string& sql);

  prometheus::Registry metrics_;  // outlives the server
  tests::TestDatabase database_;
  tests::TestCampaign campaign_;
  std::unique_ptr<tests::TestServer> server_;
  std::unique_ptr<v1::TurfService::Stub> stub_;
  int doors_ = 0;
};

}  // namespace snowfield::turf
