// Fails on an arrow of the house that should not be, and shows that each rule can fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/structure/rules.h"

namespace snowfield::structure {
namespace {
using ::testing::IsEmpty;
using ::testing::Not;

std::string Include(const std::string& file, const std::string& header) {
  return Offence({.file = file, .text = "#include \"" + header + "\""});
}

TEST(Structure, TheSourcesHaveNoForbiddenArrow) {
  int file_count = 0;
  EXPECT_THAT(Offences(SNOWFIELD_SOURCE_DIR, file_count), IsEmpty());
  EXPECT_GT(file_count, 20) << "the sources were not found";
}

TEST(Structure, EachForbiddenArrowIsSeen) {
  EXPECT_THAT(Include("base/log.cc", "geo/frame/frame.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("base/log.cc", "db/pg/pool.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("base/log.cc", "services/rpc/grpc_status.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("base/log.cc", "google/protobuf/message.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("base/log.cc", "boost/beast.hpp"), Not(IsEmpty()));
  EXPECT_THAT(Include("geo/cut/cut_turf.cc", "db/pg/pool.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("geo/cut/cut_turf.cc", "services/turf/turf_service.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("geo/cut/cut_turf.cc", "snowfield/turf/v1/turf.pb.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("geo/cut/cut_turf.cc", "grpcpp/grpcpp.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("db/store/turf_store.h", "geo/frame/frame.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("db/store/turf_store.h", "snowfield/turf/v1/turf.pb.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("db/store/turf_store.h", "services/turf/turf_service.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("services/turf/turf_service.cc", "services/canvass/canvass_service.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("services/turf/turf_service.cc", "services/server/server.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("services/rpc/paging.cc", "services/access/gate.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("services/access/gate.cc", "services/turf/turf_service.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("services/cli/output.cc", "services/access/token.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("services/cli/import/streets.cc", "db/pg/pool.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("services/cli/import/streets.cc", "geo/streets/street_name.h"), Not(IsEmpty()));
}

TEST(Structure, ForeignLibrariesStayInTheirRooms) {
  EXPECT_THAT(Include("db/store/turf_store.cc", "libpq-fe.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("services/turf/turf_service.cc", "libpq-fe.h"), Not(IsEmpty()));
  EXPECT_THAT(Include("geo/shape/shape.cc", "geos_c.h"), Not(IsEmpty()));
  EXPECT_THAT(Offence({.file = "db/embedded/a.cc", .text = "  #  include <libpq-fe.h>  // sneaky"}), Not(IsEmpty()));
}

TEST(Structure, TheAllowedArrowsAreAllowed) {
  EXPECT_THAT(Include("base/log.cc", "absl/time/time.h"), IsEmpty());
  EXPECT_THAT(Include("base/log.cc", "sys/stat.h"), IsEmpty());
  EXPECT_THAT(Include("base/log.cc", "base/status.h"), IsEmpty());
  EXPECT_THAT(Include("geo/cut/cut_turf.cc", "geo/geos/geometry.h"), IsEmpty());
  EXPECT_THAT(Include("geo/geos/geometry.cc", "geos_c.h"), IsEmpty());
  EXPECT_THAT(Include("db/pg/pool.cc", "libpq-fe.h"), IsEmpty());
  EXPECT_THAT(Include("db/store/turf_store.cc", "base/ids.h"), IsEmpty());
  EXPECT_THAT(Include("services/turf/turf_service.cc", "geo/cut/cut_turf.h"), IsEmpty());
  EXPECT_THAT(Include("services/turf/turf_service.cc", "db/store/turf_store.h"), IsEmpty());
  EXPECT_THAT(Include("services/turf/turf_service.cc", "services/rpc/paging.h"), IsEmpty());
  EXPECT_THAT(Include("services/turf/turf_service.cc", "services/access/gate.h"), IsEmpty());
  EXPECT_THAT(Include("services/access/gate.cc", "services/rpc/policy.h"), IsEmpty());
  EXPECT_THAT(Include("services/cli/output.cc", "snowfield/turf/v1/turf.pb.h"), IsEmpty());
  EXPECT_THAT(Include("services/server/server.cc", "services/turf/turf_service.h"), IsEmpty());
  EXPECT_THAT(Include("services/main.cc", "services/cli/command_line.h"), IsEmpty());
}

TEST(Structure, SqlIsSeenOutsideItsRooms) {
  const auto sql = [](const std::string& file, const std::string& text) {
    return Offence({.file = file, .text = text});
  };
  const std::string select = "  const char* q = \"select door_id from door\";";
  EXPECT_THAT(sql("db/store/turf_store.cc", select), Not(IsEmpty()));
  EXPECT_THAT(sql("services/turf/turf_service.cc", select), Not(IsEmpty()));
  EXPECT_THAT(sql("db/store/a.cc", "\"INSERT INTO door values (1)\""), Not(IsEmpty()));
  EXPECT_THAT(sql("db/store/a.cc", "\"update door set unit = ''\""), Not(IsEmpty()));
  EXPECT_THAT(sql("db/store/a.cc", "\"delete from door\""), Not(IsEmpty()));
  EXPECT_THAT(sql("db/embedded/a.cc", "\"create database snowfield\""), Not(IsEmpty()));
  EXPECT_THAT(sql("db/migrate/a.cc", "\"set local statement_timeout = 1\""), Not(IsEmpty()));
  EXPECT_THAT(sql("db/pg/pool.cc", "\"; set local statement_timeout = \""), IsEmpty()) << "transaction words";
  EXPECT_THAT(sql("services/cli/output.cc", "\"select a turf, then update the list\""), IsEmpty()) << "plain English";
  EXPECT_THAT(sql("db/store/a.cc", "// select door_id from door: \"why\""), IsEmpty()) << "a comment";
}

}  // namespace
}  // namespace snowfield::structure
