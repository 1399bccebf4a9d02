// Every type that crosses to PostgreSQL comes back as it went: as a parameter, in an array, through COPY.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "tests/support/test_database.h"

namespace snowfield::db {
namespace {
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

class Values : public ::testing::Test {
 protected:
  Transaction Begin() { return *database_.superuser_pool().Begin({}); }
  tests::TestDatabase database_;
};

absl::Time Micros(int64_t since_1970) { return absl::FromUnixMicros(since_1970); }

TEST_F(Values, ScalarsComeBackAsTheyWent) {
  const Query query = {"scalars", "select $1, $2, $3, $4, $5, $6, $7, $8, $9"};
  Transaction transaction = Begin();
  const base::Uuid uuid = base::Uuid::Random();
  const std::string bytes("\0\xff'\\", 4);
  for (const int64_t number : {int64_t{0}, int64_t{-1}, INT64_MIN, INT64_MAX}) {
    const auto small = static_cast<int32_t>(number);
    const auto result = transaction.Run(query, Params()
                                                   .Int64(number)
                                                   .Int32(small)
                                                   .Double(-0.1)
                                                   .Bool(number == 0)
                                                   .Text("Ünïcode 'quoted'")
                                                   .Bytea(bytes)
                                                   .Uuid(uuid)
                                                   .Time(Micros(1700000000123456))
                                                   .Id(base::DoorId(42)));
    ASSERT_TRUE(result.ok()) << result.status();
    const Row row = (*result)[0];
    EXPECT_EQ(row.Int64(0), number);
    EXPECT_EQ(row.Int32(1), small);
    EXPECT_EQ(row.Double(2), -0.1);
    EXPECT_EQ(row.Bool(3), number == 0);
    EXPECT_EQ(row.Text(4), "Ünïcode 'quoted'");
    EXPECT_EQ(row.Bytea(5), bytes);
    EXPECT_EQ(row.Uuid(6), uuid);
    EXPECT_EQ(row.Time(7), Micros(1700000000123456));
    EXPECT_EQ(row.Id<base::DoorId>(8), base::DoorId(42));
  }
}

TEST_F(Values, NullsComeBackAsNothing) {
  const Query query = {"nulls", "select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10"};
  Transaction transaction = Begin();
  const auto result = transaction.Run(query, Params()
                                                 .Int64(std::nullopt)
                                                 .Int32(std::nullopt)
                                                 .Double(std::nullopt)
                                                 .Bool(std::nullopt)
                                                 .Text(std::nullopt)
                                                 .Bytea(std::nullopt)
                                                 .Uuid(std::nullopt)
                                                 .Time(std::nullopt)
                                                 .Id(base::DoorId())
                                                 .Jsonb(std::nullopt));
  ASSERT_TRUE(result.ok()) << result.status();
  const Row row = (*result)[0];
  EXPECT_EQ(row.OptionalInt64(0), std::nullopt);
  EXPECT_EQ(row.OptionalInt32(1), std::nullopt);
  EXPECT_EQ(row.OptionalDouble(2), std::nullopt);
  EXPECT_EQ(row.OptionalBool(3), std::nullopt);
  EXPECT_EQ(row.OptionalText(4), std::nullopt);
  EXPECT_EQ(row.OptionalBytea(5), std::nullopt);
  EXPECT_EQ(row.OptionalUuid(6), std::nullopt);
  EXPECT_EQ(row.OptionalTime(7), std::nullopt);
  EXPECT_EQ(row.Id<base::DoorId>(8), base::DoorId());
  EXPECT_TRUE(row.IsNull(9));
}

TEST_F(Values, NanInfinityAndTheEndsOfTimeComeBack) {
  const Query query = {"extremes", "select $1, $2, $3, $4, $5, $6, $1 = 'NaN'::float8, $5 = 'infinity'::timestamptz"};
  Transaction transaction = Begin();
  const absl::Time long_ago = absl::FromCivil(absl::CivilSecond(-4000, 1, 1), absl::UTCTimeZone());
  const auto result = transaction.Run(query, Params()
                                                 .Double(kNan)
                                                 .Double(-kInfinity)
                                                 .Double(std::numeric_limits<double>::denorm_min())
                                                 .Time(long_ago)
                                                 .Time(absl::InfiniteFuture())
                                                 .Time(absl::InfinitePast()));
  ASSERT_TRUE(result.ok()) << result.status();
  const Row row = (*result)[0];
  EXPECT_TRUE(std::isnan(row.Double(0)));
  EXPECT_EQ(row.Double(1), -kInfinity);
  EXPECT_EQ(row.Double(2), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(row.Time(3), long_ago);
  EXPECT_EQ(row.Time(4), absl::InfiniteFuture());
  EXPECT_EQ(row.Time(5), absl::InfinitePast());
  EXPECT_TRUE(row.Bool(6)) << "the server must see NaN too";
  EXPECT_TRUE(row.Bool(7)) << "the server must see infinity too";
}

TEST_F(Values, TimesAreRoundedDownToTheMicrosecondAndMeanTheSameToTheServer) {
  const Query query = {"times", "select $1, $2, extract(epoch from $1)::float8, $3"};
  Transaction transaction = Begin();
  const auto result = transaction.Run(query, Params()
                                                 .Time(Micros(-1500000) + absl::Nanoseconds(999))
                                                 .Time(Micros(-1) - absl::Nanoseconds(1))
                                                 .Time(absl::FromUnixSeconds(int64_t{1} << 60)));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ((*result)[0].Time(0), Micros(-1500000));
  EXPECT_EQ((*result)[0].Time(1), Micros(-2));
  EXPECT_EQ((*result)[0].Double(2), -1.5);
  EXPECT_EQ((*result)[0].Time(3), absl::InfiniteFuture()) << "beyond what PostgreSQL can hold";
}

TEST_F(Values, SmallIntegersFloatsNamesAndJsonAreRead) {
  const Query query = {
      "casts",
      "select 7::smallint, 1.5::real, 'a'::varchar, 'b'::name, '{\"k\": 1}'::jsonb, $1::jsonb ->> 'k', "
      "'[2]'::json"};
  Transaction transaction = Begin();
  const auto result = transaction.Run(query, Params().Jsonb("{\"k\":\"v\"}"));
  ASSERT_TRUE(result.ok()) << result.status();
  const Row row = (*result)[0];
  EXPECT_EQ(row.Int32(0), 7);
  EXPECT_EQ(row.Int64(0), 7);
  EXPECT_EQ(row.Double(1), 1.5);
  EXPECT_EQ(row.Text(2), "a");
  EXPECT_EQ(row.Text(3), "b");
  EXPECT_EQ(row.Text(4), "{\"k\": 1}");
  EXPECT_EQ(row.Text(5), "v");
  EXPECT_EQ(row.Text(6), "[2]");
}

TEST_F(Values, ArraysComeBackAsTheyWent) {
  const Query query = {"arrays", "select $1, $2, $3, $4, $5, $6"};
  Transaction transaction = Begin();
  const std::vector<base::Uuid> uuids = {base::Uuid::Random(), base::Uuid::Random()};
  const std::vector<std::string> texts = {"", "comma, \"quote\" {brace}", "NULL"};
  const auto result = transaction.Run(query, Params()
                                                 .Int64s(std::vector<int64_t>{INT64_MIN, 0, INT64_MAX})
                                                 .Int32s(std::vector<int32_t>{-1})
                                                 .Doubles(std::vector<double>{kInfinity, 0.5})
                                                 .Texts(texts)
                                                 .Uuids(uuids)
                                                 .Ids(std::vector<base::DoorId>{base::DoorId(3), base::DoorId(4)}));
  ASSERT_TRUE(result.ok()) << result.status();
  const Row row = (*result)[0];
  EXPECT_THAT(row.Int64s(0), ElementsAre(INT64_MIN, 0, INT64_MAX));
  EXPECT_THAT(row.Int32s(1), ElementsAre(-1));
  EXPECT_THAT(row.Doubles(2), ElementsAre(kInfinity, 0.5));
  EXPECT_THAT(row.Texts(3), ElementsAreArray(texts));
  EXPECT_THAT(row.Uuids(4), ElementsAreArray(uuids));
  EXPECT_THAT(row.Ids<base::DoorId>(5), ElementsAre(base::DoorId(3), base::DoorId(4)));
}

TEST_F(Values, ArrayItemsMayBeNull) {
  const Query query = {"null_items",
                       "select array_position($1, null), array_position($2, null), array_position($3, null), "
                       "array_position($4, null), array_position($5, null), array_position($6, null), "
                       "array_position($7, null), array_position($8, null)"};
  Transaction transaction = Begin();
  const auto result =
      transaction.Run(query, Params()
                                 .Int64s(std::vector<std::optional<int64_t>>{1, std::nullopt})
                                 .Int32s(std::vector<std::optional<int32_t>>{1, std::nullopt})
                                 .Doubles(std::vector<std::optional<double>>{1, std::nullopt})
                                 .Texts(std::vector<std::optional<std::string>>{"x", std::nullopt})
                                 .Byteas(std::vector<std::optional<std::string>>{"x", std::nullopt})
                                 .Times(std::vector<std::optional<absl::Time>>{absl::UnixEpoch(), std::nullopt})
                                 .Ids(std::vector<base::DoorId>{base::DoorId(1), base::DoorId()})
                                 .Bools(std::vector<std::optional<bool>>{true, std::nullopt}));
  ASSERT_TRUE(result.ok()) << result.status();
  for (int column = 0; column < 8; ++column) EXPECT_EQ((*result)[0].Int32(column), 2) << "column " << column;
}

TEST_F(Values, AnEmptyArrayIsEmptyAndNotNull) {
  const Query query = {"empty", "select $1, cardinality($1), (select count(*) from unnest($2) as item)"};
  Transaction transaction = Begin();
  const auto result =
      transaction.Run(query, Params().Texts(std::vector<std::string>()).Times(std::vector<absl::Time>()));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT((*result)[0].Texts(0), IsEmpty());
  EXPECT_EQ((*result)[0].Int32(1), 0);
  EXPECT_EQ((*result)[0].Int64(2), 0);
}

TEST_F(Values, GeometryCrossesAsEwkb) {
  const Query make = {"make", "select st_asewkb(st_setsrid(st_makepoint(-77, 38.9), 4326))"};
  const Query use = {"use",
                     "select st_x($1::geometry), st_srid($1::geometry), st_y(item::geometry) from unnest($2) as item"};
  Transaction transaction = Begin();
  const auto made = transaction.Run(make);
  ASSERT_TRUE(made.ok()) << made.status();
  const std::string ewkb((*made)[0].Bytea(0));
  const auto used = transaction.Run(use, Params().Ewkb(ewkb).Byteas(std::vector<std::string>{ewkb}));
  ASSERT_TRUE(used.ok()) << used.status();
  EXPECT_EQ((*used)[0].Double(0), -77);
  EXPECT_EQ((*used)[0].Int32(1), 4326);
  EXPECT_EQ((*used)[0].Double(2), 38.9);
}

TEST_F(Values, CopyInAndOutKeepEveryValue) {
  const Query make = {"make",
                      "create temporary table copied (a bigint, b float8, c text, d timestamptz, e uuid, "
                      "f bigint[], g boolean, h geometry, i jsonb) on commit drop"};
  const Query in = {"in", "copy copied from stdin (format binary)"};
  const Query out = {"out",
                     "copy (select a, b, c, d, e, g, st_srid(h), i ->> 'k' from copied order by a) to stdout "
                     "(format binary)"};
  const Query ewkb_query = {"ewkb", "select st_asewkb(st_setsrid(st_makepoint(1, 2), 4326))"};
  constexpr int kRowCount = 20000;  // several chunks
  Transaction transaction = Begin();
  ASSERT_TRUE(transaction.Run(make).ok());
  const auto ewkb = transaction.Run(ewkb_query);
  ASSERT_TRUE(ewkb.ok());
  const base::Uuid uuid = base::Uuid::Random();
  auto writer = transaction.CopyIn(in);
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (int i = 0; i < kRowCount; ++i) {
    const bool is_odd = i % 2 == 1;
    writer->Row()
        .Int64(i)
        .Double(is_odd ? kNan : 0.25)
        .Text(is_odd ? std::nullopt : std::optional<std::string>("té,\n"));
    writer->Time(Micros(i)).Uuid(uuid).Int64s(std::vector<int64_t>{i}).Bool(is_odd).Ewkb((*ewkb)[0].Bytea(0));
    ASSERT_TRUE(writer->Jsonb("{\"k\": \"v\"}").EndRow().ok());
  }
  const auto stored = writer->Finish();
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(*stored, kRowCount);
  int next = 0;
  const absl::Status read = transaction.CopyOut(out, [&](const Row& row) {
    const bool is_odd = next % 2 == 1;
    EXPECT_EQ(row.Int64(0), next);
    EXPECT_EQ(std::isnan(row.Double(1)), is_odd);
    EXPECT_EQ(row.OptionalText(2), is_odd ? std::nullopt : std::optional<std::string_view>("té,\n"));
    EXPECT_EQ(row.Time(3), Micros(next));
    EXPECT_EQ(row.Uuid(4), uuid);
    EXPECT_EQ(row.Bool(5), is_odd);
    EXPECT_EQ(row.Int32(6), 4326);
    EXPECT_EQ(row.Text(7), "v");
    ++next;
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  EXPECT_EQ(next, kRowCount);
  EXPECT_TRUE(transaction.Commit().ok());
}

TEST_F(Values, AnEmptyCopyIsFine) {
  const Query make = {"make", "create temporary table copied (a bigint) on commit drop"};
  const Query in = {"in", "copy copied from stdin (format binary)"};
  const Query out = {"out", "copy copied to stdout (format binary)"};
  Transaction transaction = Begin();
  ASSERT_TRUE(transaction.Run(make).ok());
  auto writer = transaction.CopyIn(in);
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ(writer->Finish().value(), 0);
  EXPECT_TRUE(transaction.CopyOut(out, [](const Row&) { return absl::InternalError("no row expected"); }).ok());
}

TEST_F(Values, StreamGivesEveryRowInOrderAndStopsWhenTold) {
  const Query query = {"numbers", "select i::bigint from generate_series(1, $1) as i"};
  Transaction transaction = Begin();
  int64_t last = 0;
  const auto count = [&](const Row& row) {
    EXPECT_EQ(row.Int64(0), last + 1);
    last = row.Int64(0);
    return absl::OkStatus();
  };
  ASSERT_TRUE(transaction.Stream(query, Params().Int32(100000), count).ok());
  EXPECT_EQ(last, 100000);
  int seen = 0;
  const auto stop = [&](const Row&) { return ++seen == 10 ? absl::CancelledError("enough") : absl::OkStatus(); };
  EXPECT_EQ(transaction.Stream(query, Params().Int32(100000), stop).message(), "enough");
  EXPECT_EQ(seen, 10);
}

using ValuesDeathTest = Values;

TEST_F(ValuesDeathTest, AWrongTypeColumnRowOrParameterIsOurBug) {
  ::testing::FLAGS_gtest_death_test_style = "fast";
  const Query query = {"typed", "select 'secret'::text, null::bigint"};
  const Query sent = {"sent", "select $1"};
  Transaction transaction = Begin();
  const auto result = transaction.Run(query);
  ASSERT_TRUE(result.ok());
  const Row row = (*result)[0];
  EXPECT_DEATH(row.Int64(0), "column 0 was read as an integer");
  EXPECT_DEATH(row.Int64(1), "column 1 is null");
  EXPECT_DEATH(row.Text(2), "has 2 columns");
  EXPECT_DEATH((*result)[1], "has 1 rows");
  ASSERT_TRUE(transaction.Run(sent, Params().Int64(1)).ok());
  EXPECT_DEATH(transaction.Run(sent, Params().Text("x")).ok(), "other types than before");
  const Query same_name = {"sent", "select $1 + 1"};
  EXPECT_DEATH(transaction.Run(same_name, Params().Int64(1)).ok(), "two statements are named sent");
}

}  // namespace
}  // namespace snowfield::db
