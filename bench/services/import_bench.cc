// import_bench: our imports, over gRPC on loopback, beside a plain COPY of the same rows into the same tables.
//   import_bench [--tiny] [--rows=N]
// The baseline copies rows that are already in normal form, as superuser (no row-level security), with the tables'
// indexes, checks and foreign keys. Both use one cluster, which does not wait for the disk. Prints a table, then one
// JSON object a line. `peak` is the server process's highest memory so far, the client's rows included.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/rpc/geometry.h"
#include "services/territory/territory_service.h"
#include "tests/support/test_server.h"

namespace snowfield::bench {
namespace {
namespace pb = territory::v1;

constexpr int64_t kRowsDefault = 73'092;
constexpr int64_t kRowsTiny = 300;
constexpr int64_t kRowsMax = 10'000'000;
constexpr int kBatchRows = 1000;
constexpr int kHousesPerStreet = 60;
constexpr double kHouseStepDeg = 0.0001;
constexpr double kStreetStepDeg = 0.0005;
// Baseline rows have ids far above those that the identity columns give.
constexpr int64_t kBaselineId = 1'000'000'000;

const db::Query kCopyPoints = {"import_bench.copy_points",
                               "copy address_point (campaign_id, address_point_id, dataset, row_key, house_number, "
                               "street, street_key, number_key, "
                               "postal_code, position) from stdin (format binary)"};
const db::Query kCopyDoors = {"import_bench.copy_doors",
                              "copy door (campaign_id, door_id, address_point_id) from stdin (format binary)"};
const db::Query kCopyPeople = {"import_bench.copy_people",
                               "copy person (campaign_id, dataset, row_key, external_id, last_name, address_line, "
                               "street_key, number_key, door_id) "
                               "from stdin (format binary)"};

double Seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

template <typename T>
T Require(absl::StatusOr<T> value) {
  Require(value.status());
  return *std::move(value);
}

double PeakMegabytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

struct Place {
  std::string number;
  std::string street;
  std::string street_key;
  geometry::v1::Point position;
};

Place PlaceAt(int64_t i) {
  Place place{.number = absl::StrCat(i % kHousesPerStreet + 1),
              .street = absl::StrCat(i / kHousesPerStreet + 1, "th Street Northwest"),
              .street_key = absl::StrCat(i / kHousesPerStreet + 1, "th st nw"),
              .position = {}};
  place.position.set_longitude(-77.2 + static_cast<double>(i % kHousesPerStreet) * kHouseStepDeg);
  place.position.set_latitude(-60 + static_cast<double>(i / kHousesPerStreet) * kStreetStepDeg);
  return place;
}

double CopyAddresses(tests::TestDatabase& database, base::CampaignId campaign, int64_t rows) {
  return Seconds([&] {
    db::Transaction transaction = Require(database.superuser_pool().Begin({.campaign = campaign}));
    {
      db::CopyWriter writer = Require(transaction.CopyIn(kCopyPoints));
      for (int64_t i = 0; i < rows; ++i) {
        const Place place = PlaceAt(i);
        writer.Row()
            .Int64(campaign.value)
            .Int64(kBaselineId + i)
            .Text("copy")
            .Text(absl::StrCat("0123456789abc", i + 100'000'000));
        writer.Text(place.number).Text(place.street).Text(place.street_key).Text(place.number).Text("20001");
        Require(writer.Ewkb(Require(rpc::ToEwkb(place.position, ""))).EndRow());
      }
      Require(writer.Finish().status());
    }
    db::CopyWriter writer = Require(transaction.CopyIn(kCopyDoors));
    for (int64_t i = 0; i < rows; ++i) {
      Require(writer.Row().Int64(campaign.value).Int64(kBaselineId + i).Int64(kBaselineId + i).EndRow());
    }
    Require(writer.Finish().status());
    Require(transaction.Commit());
  });
}

double CopyPeople(tests::TestDatabase& database, base::CampaignId campaign, int64_t rows) {
  return Seconds([&] {
    db::Transaction transaction = Require(database.superuser_pool().Begin({.campaign = campaign}));
    db::CopyWriter writer = Require(transaction.CopyIn(kCopyPeople));
    for (int64_t i = 0; i < rows; ++i) {
      const Place place = PlaceAt(i);
      const std::string id = absl::StrCat("NC", i);
      writer.Row().Int64(campaign.value).Text("copy").Text(id).Text(id).Text("Voter");
      writer.Text(absl::StrCat(place.number, " ", place.street)).Text(place.street_key).Text(place.number);
      Require(writer.Int64(kBaselineId + i).EndRow());
    }
    Require(writer.Finish().status());
    Require(transaction.Commit());
  });
}

void AddRow(pb::ImportKind kind, int64_t i, pb::ImportRowsRequest& batch) {
  const Place place = PlaceAt(i);
  if (kind == pb::IMPORT_KIND_ADDRESSES) {
    pb::AddressRow& row = *batch.add_addresses();
    row.set_line(i + 2);
    row.set_house_number(place.number);
    row.set_street(place.street);
    row.set_postal_code("20001");
    *row.mutable_position() = place.position;
    return;
  }
  pb::PersonRow& row = *batch.add_people();
  row.set_line(i + 2);
  row.set_external_id(absl::StrCat("NC", i));
  row.set_last_name("Voter");
  row.set_address_line(absl::StrCat(place.number, " ", place.street));
}

struct Imported {
  double seconds = 0;
  pb::ImportSummary summary;
};

Imported Import(const tests::TestServer& server, const std::string& token, pb::ImportKind kind, int64_t rows) {
  Imported imported;
  const auto stub = pb::TerritoryService::NewStub(server.channel());
  imported.seconds = Seconds([&] {
    const auto context = server.As(token, absl::Hours(1));
    const auto stream = stub->ImportRows(context.get());
    pb::ImportRowsRequest message;
    message.mutable_header()->set_kind(kind);
    message.mutable_header()->set_dataset("bench");
    for (int64_t i = 0; i < rows; ++i) {
      AddRow(kind, i, message);
      if ((i + 1) % kBatchRows == 0 || i + 1 == rows) {
        stream->Write(message);
        message.Clear();
      }
    }
    stream->WritesDone();
    pb::ImportRowsResponse answer;
    while (stream->Read(&answer)) {
      if (answer.has_summary()) imported.summary = answer.summary();
    }
    const grpc::Status status = stream->Finish();
    if (!status.ok()) Require(absl::InternalError(status.error_message()));
  });
  return imported;
}

void Print(const char* what, int64_t rows, double copy_s, const Imported& ours) {
  std::printf(
      "%-16s %9lld rows  copy %7.3f s  import %7.3f s  ratio %5.2f  inserted %lld unchanged %lld matched %lld  peak "
      "%.0f MB\n",
      what, static_cast<long long>(rows), copy_s, ours.seconds, ours.seconds / copy_s,
      static_cast<long long>(ours.summary.inserted()), static_cast<long long>(ours.summary.unchanged()),
      static_cast<long long>(ours.summary.matched()), PeakMegabytes());
  std::printf("{\"what\":\"%s\",\"rows\":%lld,\"copy_s\":%.4f,\"import_s\":%.4f,\"ratio\":%.3f}\n", what,
              static_cast<long long>(rows), copy_s, ours.seconds, ours.seconds / copy_s);
}

void Run(int64_t rows) {
  tests::TestDatabase database;
  tests::TestServer server(database, {"snowfield.territory.v1.TerritoryService"}, [&](const access::Gate& gate) {
    return tests::OneService(std::make_unique<territory::TerritoryService>(gate, &database.pool()));
  });
  const tests::TestCampaign baseline = tests::MakeCampaign(database);
  const tests::TestCampaign ours = tests::MakeCampaign(database);
  const double copy_addresses_s = CopyAddresses(database, baseline.campaign, rows);
  Print("addresses", rows, copy_addresses_s, Import(server, ours.owner_token, pb::IMPORT_KIND_ADDRESSES, rows));
  Print("addresses again", rows, copy_addresses_s, Import(server, ours.owner_token, pb::IMPORT_KIND_ADDRESSES, rows));
  const double copy_people_s = CopyPeople(database, baseline.campaign, rows);
  Print("people", rows, copy_people_s, Import(server, ours.owner_token, pb::IMPORT_KIND_PEOPLE, rows));
  Print("people again", rows, copy_people_s, Import(server, ours.owner_token, pb::IMPORT_KIND_PEOPLE, rows));
}

int Main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  int64_t rows = kRowsDefault;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--tiny") == 0) rows = kRowsTiny;
    if (std::strncmp(argv[i], "--rows=", 7) == 0) rows = std::atoll(argv[i] + 7);
  }
  if (rows < 1 || rows > kRowsMax) {
    std::fprintf(stderr, "--rows: 1 to %lld\n", static_cast<long long>(kRowsMax));
    return 2;
  }
  Run(rows);
  return 0;
}
}  // namespace
}  // namespace snowfield::bench

int main(int argc, char** argv) { return snowfield::bench::Main(argc, argv); }
