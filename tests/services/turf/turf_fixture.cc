#include "tests/services/turf/turf_fixture.h"

#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "db/pg/connection.h"
#include "db/pg/transaction.h"
#include "db/store/member_store.h"
#include "services/canvass/canvass_service.h"
#include "services/rpc/grpc_status.h"

namespace snowfield::turf {
namespace {

constexpr double kWest = -77.05, kSouth = 38.90;
constexpr double kLonPerM = 1 / 86'600.0, kLatPerM = 1 / 111'000.0;
constexpr double kDoorEvery_m = 12, kRowEvery_m = 90, kCrossEvery_m = 100, kDoorOffset_m = 9;

constexpr db::Query kInsertPoints = {
    "test.insert_points",
    "insert into address_point (campaign_id, dataset, row_key, external_id, house_number, street, street_key, "
    "number_key, "
    "position) select $1, 'test', key, 'A' || key, number, street, lower(street), number, "
    "st_setsrid(st_makepoint(x, y), 4326) from unnest($2::text[], $3::text[], $4::text[], $5::float8[], $6::float8[]) "
    "as t (key, number, street, x, y)"};
constexpr db::Query kInsertDoors = {"test.insert_doors",
                                    "insert into door (campaign_id, address_point_id, unit, unit_key, external_id) "
                                    "select $1, a.address_point_id, case when b.big then 'Apt ' || n else '' end, case "
                                    "when b.big then n::text else '' end, "
                                    "case when b.big and n = 2 then 'U' || a.row_key else '' end from address_point a "
                                    "cross join lateral (select a.row_key::int % 10 = 0 as big) b cross join "
                                    "generate_series(1, case when b.big then 3 else "
                                    "1 end) n where a.campaign_id = $1 returning door_id"};
constexpr db::Query kInsertStreets = {
    "test.insert_streets",
    "insert into street (campaign_id, dataset, row_key, name, name_key, street_class, walkable, line_string) "
    "select $1, 'test', name, name, lower(name), 'residential', true, "
    "st_setsrid(st_makeline(st_makepoint(x0, y0), st_makepoint(x1, y1)), 4326) "
    "from unnest($2::text[], $3::float8[], $4::float8[], $5::float8[], $6::float8[]) as t (name, x0, y0, x1, y1)"};
constexpr db::Query kInsertPrecincts = {
    "test.insert_precincts",
    "insert into boundary (campaign_id, dataset, row_key, kind, name, code, area) "
    "select $1, 'test', code, 'precinct', code, code, st_multi(st_makeenvelope(west, y0, east, y1, 4326)) from "
    "(select min(st_x(position)) - 0.001 as x0, max(st_x(position)) + 0.001 as x1, min(st_y(position)) - 0.001 as y0, "
    "max(st_y(position)) + 0.001 as y1, avg(st_x(position)) + 0.00003 as middle from address_point where campaign_id = "
    "$1) "
    "box, lateral (values ('W', x0, middle), ('E', middle, x1)) half (code, west, east)"};

void Must(const absl::Status& status) { ASSERT_TRUE(status.ok()) << status; }

db::Transaction Begin(tests::TestDatabase& database, base::CampaignId campaign) {
  absl::StatusOr<db::Transaction> transaction = database.pool().Begin({.campaign = campaign});
  EXPECT_TRUE(transaction.ok()) << transaction.status();
  return *std::move(transaction);
}

struct Places {
  std::vector<std::string> keys, numbers, streets;
  std::vector<double> x, y;
};

Places DoorsOf(const TownPlan& plan) {
  Places places;
  for (int row = 0; row < plan.rows; ++row) {
    for (int i = 0; i < plan.doors_per_side; ++i) {
      for (const int side : {-1, 1}) {
        places.keys.push_back(absl::StrCat(places.keys.size()));
        places.numbers.push_back(absl::StrCat(100 + 2 * i + (side > 0 ? 1 : 0)));
        places.streets.push_back(absl::StrCat("Row ", row, " Street"));
        places.x.push_back(kWest + (i + 0.5) * kDoorEvery_m * kLonPerM);
        places.y.push_back(kSouth + (row * kRowEvery_m + side * kDoorOffset_m) * kLatPerM);
      }
    }
  }
  return places;
}

void BuildStreets(db::Transaction& transaction, base::CampaignId campaign, const TownPlan& plan) {
  const double width = plan.doors_per_side * kDoorEvery_m, height = (plan.rows - 1) * kRowEvery_m;
  std::vector<std::string> names;
  std::vector<double> x0, y0, x1, y1;
  const auto add = [&](const std::string& name, double ax, double ay, double bx, double by) {
    names.push_back(name);
    x0.push_back(kWest + ax * kLonPerM), y0.push_back(kSouth + ay * kLatPerM);
    x1.push_back(kWest + bx * kLonPerM), y1.push_back(kSouth + by * kLatPerM);
  };
  for (int row = 0; row < plan.rows; ++row) {
    add(absl::StrCat("Row ", row, " Street"), 0, row * kRowEvery_m, width, row * kRowEvery_m);
  }
  int cross = 0;
  for (double x = 0; x <= width; x += kCrossEvery_m) add(absl::StrCat("Cross ", cross++, " Street"), x, 0, x, height);
  Must(transaction
           .Run(kInsertStreets, db::Params().Id(campaign).Texts(names).Doubles(x0).Doubles(y0).Doubles(x1).Doubles(y1))
           .status());
}

}  // namespace

int BuildTown(tests::TestDatabase& database, base::CampaignId campaign, const TownPlan& plan) {
  db::Transaction transaction = Begin(database, campaign);
  const Places places = DoorsOf(plan);
  Must(transaction
           .Run(kInsertPoints, db::Params()
                                   .Id(campaign)
                                   .Texts(places.keys)
                                   .Texts(places.numbers)
                                   .Texts(places.streets)
                                   .Doubles(places.x)
                                   .Doubles(places.y))
           .status());
  const auto doors = transaction.Run(kInsertDoors, db::Params().Id(campaign));
  Must(doors.status());
  BuildStreets(transaction, campaign, plan);
  Must(transaction.Commit());
  return doors.ok() ? doors->row_count() : 0;
}

void AddPrecincts(tests::TestDatabase& database, base::CampaignId campaign) {
  db::Transaction transaction = Begin(database, campaign);
  Must(transaction.Run(kInsertPrecincts, db::Params().Id(campaign)).status());
  Must(transaction.Commit());
}

TurfTest::TurfTest() : campaign_(tests::MakeCampaign(database_)) {
  doors_ = BuildTown(database_, campaign_.campaign, {});
  Serve({});
}

void TurfTest::Serve(const CutRunnerOptions& options, CutRunner::Work work) {
  StopServing();
  server_ = std::make_unique<tests::TestServer>(
      database_, std::vector<std::string>{"snowfield.turf.v1.TurfService", "snowfield.canvass.v1.CanvassService"},
      [&](const access::Gate& gate) {
        tests::Services services =
            tests::OneService(std::make_unique<TurfService>(gate, &database_.pool(), options, work));
        services.push_back(
            std::make_unique<canvass::CanvassService>(gate, &database_.pool(), base::Clock::System(), metrics_));
        return services;
      });
  stub_ = v1::TurfService::NewStub(server_->channel());
}

void TurfTest::StopServing() {
  stub_.reset();
  server_.reset();
}

v1::StartCutRequest TurfTest::RightRequest() {
  v1::StartCutRequest request;
  request.set_request_id(base::Uuid::Random().ToString());
  request.set_target_doors(20);
  return request;
}

grpc::Status TurfTest::Start(const v1::StartCutRequest& request, v1::Cut* cut) {
  v1::StartCutResponse response;
  const grpc::Status status = stub_->StartCut(As().get(), request, &response);
  *cut = response.cut();
  return status;
}

v1::Cut TurfTest::Get(int64_t cut_id) {
  v1::GetCutRequest request;
  request.set_cut_id(cut_id);
  v1::GetCutResponse response;
  const grpc::Status status = stub_->GetCut(As().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.cut();
}

v1::Cut TurfTest::Watch(int64_t cut_id, int* progress_messages) {
  v1::WatchCutRequest request;
  request.set_cut_id(cut_id);
  const auto context = As();
  const auto reader = stub_->WatchCut(context.get(), request);
  v1::WatchCutResponse message;
  double fraction = 0;
  int messages = 0;
  while (reader->Read(&message)) {
    EXPECT_GE(message.fraction(), fraction);
    fraction = message.fraction();
    if (!message.has_cut()) ++messages;
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(message.has_cut());
  if (progress_messages != nullptr) *progress_messages = messages;
  return message.cut();
}

v1::Cut TurfTest::Cut(int64_t seed, int target_doors) {
  v1::StartCutRequest request = RightRequest();
  request.set_seed(seed);
  request.set_target_doors(target_doors);
  v1::Cut cut;
  const grpc::Status status = Start(request, &cut);
  EXPECT_TRUE(status.ok()) << status.error_message();
  cut = Watch(cut.cut_id());
  EXPECT_EQ(cut.state(), v1::CUT_STATE_DONE) << cut.failure();
  return cut;
}

grpc::Status TurfTest::Publish(int64_t cut_id, v1::PublishCutResponse* response) {
  v1::PublishCutRequest request;
  request.set_cut_id(cut_id);
  return stub_->PublishCut(As().get(), request, response);
}

v1::Cut TurfTest::CutAndPublish(int64_t seed, int target_doors) {
  v1::PublishCutResponse response;
  const grpc::Status status = Publish(Cut(seed, target_doors).cut_id(), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.cut().state(), v1::CUT_STATE_PUBLISHED);
  return response.cut();
}

std::vector<v1::ExportTurfsResponse> TurfTest::Export(int64_t cut_id) {
  v1::ExportTurfsRequest request;
  request.set_cut_id(cut_id);
  const auto context = As();
  const auto reader = stub_->ExportTurfs(context.get(), request);
  std::vector<v1::ExportTurfsResponse> turfs;
  v1::ExportTurfsResponse turf;
  while (reader->Read(&turf)) turfs.push_back(turf);
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  return turfs;
}

std::vector<v1::Turf> TurfTest::Turfs(int64_t cut_id) {
  v1::ListTurfsRequest request;
  request.set_cut_id(cut_id);
  request.set_page_size(1000);
  v1::ListTurfsResponse response;
  const grpc::Status status = stub_->ListTurfs(As().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return {response.turfs().begin(), response.turfs().end()};
}

base::MemberId TurfTest::AddMember(const std::string& role, double longitude, double latitude) {
  static constexpr db::Query kInsert = {
      "test.insert_member",
      "insert into member (campaign_id, display_name, role, leader_id, leader_depth, slot, depth, home) "
      "select $1, 'Member', $2, $3, 0, (select coalesce(max(slot), 0) + 1 from member where campaign_id = $1), 1, "
      "case when $4 <> 0 then st_setsrid(st_makepoint($4, $5), 4326) end returning member_id"};
  db::Transaction transaction = Begin(database_, campaign_.campaign);
  const auto result = transaction.Run(
      kInsert, db::Params().Id(campaign_.campaign).Text(role).Id(campaign_.owner).Double(longitude).Double(latitude));
  EXPECT_TRUE(result.ok()) << result.status();
  Must(transaction.Commit());
  return result.ok() ? (*result)[0].Id<base::MemberId>(0) : base::MemberId();
}

int64_t TurfTest::Count(const std::string& sql) {
  const auto connection = db::Connection::Open({.connection_string = database_.superuser_connection_string()});
  EXPECT_TRUE(connection.ok()) << connection.status();
  const db::Query query = {"test.count", sql.c_str()};
  const auto result = (*connection)->Run(query, db::Params(), {});
  EXPECT_TRUE(result.ok()) << result.status() << "\n" << sql;
  return result.ok() && !result->empty() ? (*result)[0].Int64(0) : -1;
}

}  // namespace snowfield::turf
