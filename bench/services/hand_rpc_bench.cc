// hand_rpc_bench: edits by hand as RPCs, end to end: a generated county in a real database, cut by the service, then
// lassos, previews and applied edits over gRPC on loopback (P6 of the goals).
//   hand_rpc_bench [--doors=N] [--calls=N] [--tiny]
// The baseline of a lasso is the same selection by PostGIS on the campaign's own tables, by a prepared statement on the
// service's kind of connection. Times are on the wall, of each call.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <numbers>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/uuid.h"
#include "bench/geo/generated_county.h"
#include "bench/geo/meter.h"
#include "db/pg/connection.h"
#include "geo/geos/geometry.h"
#include "geo/streets/street_name.h"
#include "services/rpc/geometry.h"
#include "services/turf/turf_service.h"
#include "tests/support/test_server.h"

namespace snowfield::bench {
namespace {

namespace pb = turf::v1;
using Clock = std::chrono::steady_clock;

const db::Query kCopyPoints = {"hand_rpc.copy_points",
                               "copy address_point (campaign_id, address_point_id, dataset, row_key, house_number, "
                               "street, street_key, number_key, position) from stdin (format binary)"};
const db::Query kCopyDoors = {
    "hand_rpc.copy_doors",
    "copy door (campaign_id, door_id, address_point_id, unit, unit_key) from stdin (format binary)"};
const db::Query kCopyStreets = {"hand_rpc.copy_streets",
                                "copy street (campaign_id, dataset, row_key, name, name_key, street_class, walkable, "
                                "line_string) from stdin (format binary)"};
const db::Query kCopyBarriers = {
    "hand_rpc.copy_barriers", "copy barrier (campaign_id, dataset, row_key, kind, shape) from stdin (format binary)"};
const db::Query kSelect = {"hand_rpc.select",
                           "select d.door_id, d.turf_id from turf_door d join door o using (campaign_id, door_id) join "
                           "address_point a using (campaign_id, address_point_id) where d.campaign_id = $1 and "
                           "d.cut_id = $2 and st_covers($3::geometry, a.position)"};

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}
void Require(const grpc::Status& status) {
  if (!status.ok()) Require(absl::InternalError(status.error_message()));
}
template <typename T>
T Require(absl::StatusOr<T> value) {
  Require(value.status());
  return *std::move(value);
}

double Milliseconds(const std::function<void()>& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Doors of one building share a point; those on their own have one each, beyond all buildings' ids.
void CopyGround(tests::TestDatabase& database, base::CampaignId campaign, const geo::CutInput& input) {
  constexpr int64_t kOwnPoint = 1'000'000'000;
  const auto point_of = [](const geo::CutDoor& door) {
    return door.address_point ? door.address_point.value : kOwnPoint + door.id.value;
  };
  db::Transaction transaction = Require(database.superuser_pool().Begin({.campaign = campaign}));
  {
    std::vector<const geo::CutDoor*> doors;
    for (const geo::CutDoor& door : input.doors) doors.push_back(&door);
    std::sort(doors.begin(), doors.end(), [&](const auto* a, const auto* b) { return point_of(*a) < point_of(*b); });
    db::CopyWriter writer = Require(transaction.CopyIn(kCopyPoints));
    for (size_t i = 0; i < doors.size(); ++i) {
      const geo::CutDoor& door = *doors[i];
      if (i > 0 && point_of(*doors[i - 1]) == point_of(door)) continue;
      writer.Row().Int64(campaign.value).Int64(point_of(door)).Text("bench").Text(absl::StrCat(point_of(door)));
      writer.Text(door.house_number).Text(door.street).Text(geo::NormalizeStreetName(door.street));
      Require(writer.Text(door.house_number).Ewkb(Require(geo::PointToEwkb(door.position))).EndRow());
    }
    Require(writer.Finish().status());
  }
  {
    db::CopyWriter writer = Require(transaction.CopyIn(kCopyDoors));
    for (const geo::CutDoor& door : input.doors) {
      writer.Row().Int64(campaign.value).Int64(door.id.value).Int64(point_of(door)).Text(door.unit);
      Require(writer.Text(absl::StrCat(door.id.value)).EndRow());
    }
    Require(writer.Finish().status());
  }
  {
    db::CopyWriter writer = Require(transaction.CopyIn(kCopyStreets));
    for (size_t i = 0; i < input.streets.size(); ++i) {
      const geo::CutStreet& street = input.streets[i];
      writer.Row().Int64(campaign.value).Text("bench").Text(absl::StrCat(i)).Text(street.name);
      writer.Text(geo::NormalizeStreetName(street.name)).Text(geo::StreetClassName(street.street_class));
      writer.Bool(!geo::IsBarrier(street.street_class));
      Require(writer.Ewkb(street.ewkb.empty() ? Require(geo::LineToEwkb(street.line)) : street.ewkb).EndRow());
    }
    Require(writer.Finish().status());
  }
  {
    db::CopyWriter writer = Require(transaction.CopyIn(kCopyBarriers));
    for (size_t i = 0; i < input.barriers.size(); ++i) {
      geo::Geometry shape = Require(geo::Geometry::FromEwkb(input.barriers[i].ewkb, "barrier"));
      shape.set_srid(geo::kSridWgs84);
      writer.Row().Int64(campaign.value).Text("bench").Text(absl::StrCat(i)).Text("water");
      std::string ewkb = Require(shape.ToEwkb());
      if (!shape.Polygons().empty()) ewkb = Require(rpc::ToEwkb(Require(rpc::MultiPolygonFromEwkb(ewkb)), "barrier"));
      Require(writer.Ewkb(ewkb).EndRow());
    }
    Require(writer.Finish().status());
  }
  Require(transaction.Commit());
}

void Print(const char* what, std::vector<double> times, const std::string& note = "") {
  std::sort(times.begin(), times.end());
  const auto at = [&](double quantile) {
    return times[std::min(times.size() - 1, static_cast<size_t>(quantile * static_cast<double>(times.size())))];
  };
  std::printf("  %-36s %5zu calls: median %8.2f ms, p99 %8.2f ms, most %8.2f ms  %s\n", what, times.size(), at(0.5),
              at(0.99), at(1), note.c_str());
  std::printf("{\"bench\":\"hand_rpc\",\"what\":\"%s\",\"calls\":%zu,\"median_ms\":%.3f,\"p99_ms\":%.3f,%s}\n", what,
              times.size(), at(0.5), at(0.99), MachineJson().c_str());
}

class Bench {
 public:
  Bench(int doors, int calls)
      : set_(GeneratedCounty(doors, 1)),
        calls_(calls),
        server_(database_, {"snowfield.turf.v1.TurfService"},
                [&](const access::Gate& gate) {
                  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
                  return tests::OneService(std::make_unique<turf::TurfService>(
                      gate, &database_.pool(), turf::CutRunnerOptions{.threads_per_cut = cores}));
                }),
        campaign_(tests::MakeCampaign(database_)),
        stub_(pb::TurfService::NewStub(server_.channel())) {}

  void Run() {
    CopyGround(database_, campaign_.campaign, set_.input);
    std::printf("cut in the database in %.1f s\n", Milliseconds([this] { Cut(); }) / 1e3);
    Analyze();
    pb::SelectDoorsResponse response;
    std::printf("first call, which loads the board: %.2f s\n",
                Milliseconds([&] { response = Select(Circle(0, 300)); }) / 1e3);
    for (const double radius_m : {300.0, 1'000.0}) BenchSelect(radius_m);
    BenchEdits();
  }

 private:
  std::unique_ptr<grpc::ClientContext> As() const { return server_.As(campaign_.owner_token, absl::Minutes(30)); }

  // For the baseline's plans.
  void Analyze() {
    const auto connection =
        Require(db::Connection::Open({.connection_string = database_.superuser_connection_string()}));
    Require(connection->RunScript("analyze", {.deadline = absl::Now() + absl::Minutes(10)}).status());
  }

  void Cut() {
    pb::StartCutRequest request;
    request.set_request_id(base::Uuid::Random().ToString());
    request.set_target_doors(45);
    pb::StartCutResponse started;
    Require(stub_->StartCut(server_.As(campaign_.owner_token, absl::Seconds(50)).get(), request, &started));
    cut_ = started.cut().cut_id();
    pb::WatchCutRequest watch;
    watch.set_cut_id(cut_);
    const auto context = As();
    const auto reader = stub_->WatchCut(context.get(), watch);
    pb::WatchCutResponse message;
    while (reader->Read(&message)) {
    }
    Require(reader->Finish());
    turfs_ = message.cut().report().turfs();
    std::printf("%d turfs of %zu doors\n", turfs_, set_.input.doors.size());
  }

  geometry::v1::MultiPolygon Circle(size_t door, double radius_m) const {
    const geo::LonLat& middle = set_.input.doors[door].position;
    geometry::v1::MultiPolygon area;
    geometry::v1::Line& ring = *area.add_polygons()->add_rings();
    for (int i = 0; i <= 60; ++i) {
      const double angle = 2 * std::numbers::pi * (i % 60) / 60;
      ring.add_coordinates(middle.lon +
                           radius_m * std::cos(angle) / (111'195 * std::cos(middle.lat * std::numbers::pi / 180)));
      ring.add_coordinates(middle.lat + radius_m * std::sin(angle) / 111'195);
    }
    return area;
  }

  pb::SelectDoorsResponse Select(const geometry::v1::MultiPolygon& area) {
    pb::SelectDoorsRequest request;
    request.set_cut_id(cut_);
    *request.mutable_area() = area;
    pb::SelectDoorsResponse response;
    Require(stub_->SelectDoors(As().get(), request, &response));
    return response;
  }

  void BenchSelect(double radius_m) {
    std::vector<double> ours, theirs;
    int64_t doors = 0, doors_of_theirs = 0;
    db::Transaction transaction = Require(database_.superuser_pool().Begin({.campaign = campaign_.campaign}));
    for (int i = 0; i < calls_; ++i) {
      const auto area = Circle(random_() % set_.input.doors.size(), radius_m);
      pb::SelectDoorsResponse response;
      ours.push_back(Milliseconds([&] { response = Select(area); }));
      doors += response.doors();
      const std::string ewkb = Require(rpc::ToEwkb(area, "area"));
      theirs.push_back(Milliseconds([&] {
        doors_of_theirs +=
            Require(transaction.Run(kSelect, db::Params().Id(campaign_.campaign).Id(base::CutId(cut_)).Ewkb(ewkb)))
                .row_count();
      }));
    }
    const std::string what = absl::StrCat("SelectDoors, lasso of ", static_cast<int>(radius_m), " m");
    Print(what.c_str(), ours, absl::StrCat("(", doors / calls_, " doors on average)"));
    Print(absl::StrCat("PostGIS statement, ", static_cast<int>(radius_m), " m").c_str(), theirs,
          doors == doors_of_theirs ? "(the same doors)" : absl::StrCat("(OTHER DOORS: ", doors_of_theirs, ")"));
  }

  void BenchEdits() {
    std::vector<double> previews, applies, undos;
    for (int i = 0; i < calls_; ++i) {
      pb::EditOrder edit;
      edit.mutable_split()->set_turf_number(static_cast<int>(random_() % static_cast<uint64_t>(turfs_)) + 1);
      edit.mutable_split()->set_parts(2);
      pb::PreviewEditRequest preview;
      preview.set_cut_id(cut_);
      *preview.mutable_edit() = edit;
      pb::PreviewEditResponse previewed;
      previews.push_back(Milliseconds([&] { Require(stub_->PreviewEdit(As().get(), preview, &previewed)); }));
      pb::ApplyEditRequest apply;
      apply.set_cut_id(cut_);
      apply.set_request_id(base::Uuid::Random().ToString());
      *apply.mutable_edit() = edit;
      apply.set_etag(previewed.etag());
      pb::ApplyEditResponse applied;
      applies.push_back(Milliseconds([&] { Require(stub_->ApplyEdit(As().get(), apply, &applied)); }));
      pb::UndoEditRequest undo;
      undo.set_cut_id(cut_);
      undo.set_request_id(base::Uuid::Random().ToString());
      undo.set_edit_number(applied.edit().edit_number());
      pb::UndoEditResponse undone;
      undos.push_back(Milliseconds([&] { Require(stub_->UndoEdit(As().get(), undo, &undone)); }));
    }
    Print("PreviewEdit, split in 2", previews);
    Print("ApplyEdit, split in 2", applies);
    Print("UndoEdit", undos);
  }

  const DataSet set_;
  const int calls_;
  tests::TestDatabase database_;
  tests::TestServer server_;
  const tests::TestCampaign campaign_;
  std::unique_ptr<pb::TurfService::Stub> stub_;
  std::mt19937_64 random_{1};
  int64_t cut_ = 0;
  int turfs_ = 0;
};

int Main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  int doors = 100'000, calls = 200;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--tiny") == 0) doors = 500, calls = 3;
    if (std::strncmp(argv[i], "--doors=", 8) == 0) doors = std::atoi(argv[i] + 8);
    if (std::strncmp(argv[i], "--calls=", 8) == 0) calls = std::atoi(argv[i] + 8);
  }
  if (doors < 1 || doors > kGeneratedDoorsMax || calls < 1) {
    std::fprintf(stderr, "--doors: 1 to %d; --calls: from 1\n", kGeneratedDoorsMax);
    return 2;
  }
  std::printf("%s\n", MachineLine().c_str());
  Bench(doors, calls).Run();
  return 0;
}

}  // namespace
}  // namespace snowfield::bench

int main(int argc, char** argv) { return snowfield::bench::Main(argc, argv); }
