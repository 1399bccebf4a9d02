#include "services/cli/files/osm_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <osmium/builder/attr.hpp>
#include <osmium/io/pbf_output.hpp>
#include <osmium/memory/buffer.hpp>

#include "base/status.h"
#include "services/cli/files/osm_tags.h"
#include "tests/services/cli/collect_rows.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

CollectRows ReadSmall(ImportKind kind) {
  CollectRows rows;
  const absl::Status status = ReadInto(rows, TestData("small.osm"), {kind, ""});
  EXPECT_TRUE(status.ok()) << base::MessageOf(status);
  return rows;
}

template <typename Row>
std::vector<std::string> IdsOf(const CollectRows& rows) {
  std::vector<std::string> ids;
  for (const Row& row : rows.All<Row>()) ids.push_back(row.external_id());
  return ids;
}

TEST(OsmReader, ReadsAddressesOfNodesWaysAndRelations) {
  const CollectRows rows = ReadSmall(pb::IMPORT_KIND_ADDRESSES);
  EXPECT_THAT(IdsOf<AddressRow>(rows), UnorderedElementsAre("n1", "w20", "w26", "r42"));
  for (const AddressRow& row : rows.All<AddressRow>()) {
    if (row.external_id() == "n1") {
      EXPECT_EQ(row.unit_count(), 4u);
    }
    if (row.external_id() != "w20") continue;
    EXPECT_EQ(row.street(), "Musterdorf");
    EXPECT_EQ(row.unit_count(), 12u);
    EXPECT_NEAR(row.position().longitude(), 11.2505, 1e-9);
    EXPECT_NEAR(row.position().latitude(), 49.5005, 1e-9);
  }
  EXPECT_THAT(rows.IssueLines(), ElementsAre("0 ADDRESS_REPEATED house_number (taken)")) << "n1 and w26";
}

TEST(OsmReader, KeepsTheStretchesOfAWayWithAGap) {
  const CollectRows rows = ReadSmall(pb::IMPORT_KIND_STREETS);
  EXPECT_THAT(IdsOf<StreetRow>(rows), ElementsAre("w21", "w21/2", "w22"));
  const StreetRow bridge = rows.All<StreetRow>()[2];
  EXPECT_TRUE(bridge.bridge_or_tunnel());
  EXPECT_EQ(bridge.walkability(), pb::WALKABILITY_NOT_WALKABLE);
  EXPECT_EQ(rows.CountIssues("NODES_MISSING"), 2u) << "one way is rejected, one remark counts the gaps";
  EXPECT_THAT(rows.issues.back().message(), HasSubstr("2 ways name 2 nodes"));
}

TEST(OsmReader, TellsBarriersAboveGroundFromThoseBelow) {
  const CollectRows rows = ReadSmall(pb::IMPORT_KIND_BARRIERS);
  EXPECT_THAT(IdsOf<BarrierRow>(rows), UnorderedElementsAre("w22", "w24", "r40"));
  for (const BarrierRow& row : rows.All<BarrierRow>()) {
    if (row.external_id() != "r40") continue;
    ASSERT_EQ(row.geometry().multi_polygon().polygons_size(), 1);
    EXPECT_EQ(row.geometry().multi_polygon().polygons(0).rings_size(), 2) << "with its hole";
  }
}

TEST(OsmReader, CountsBoundariesWhoseWaysAreMissing) {
  const CollectRows rows = ReadSmall(pb::IMPORT_KIND_BOUNDARIES);
  ASSERT_THAT(IdsOf<BoundaryRow>(rows), ElementsAre("r41"));
  EXPECT_EQ(rows.All<BoundaryRow>()[0].kind(), "admin_level_8");
  EXPECT_EQ(rows.All<BoundaryRow>()[0].code(), "r41");
  EXPECT_EQ(rows.CountIssues("MEMBERS_MISSING"), 1u);
}

std::string WritePbf(const TestFolder& folder, int nodes) {
  using namespace osmium::builder::attr;  // NOLINT: the builder's attributes are meant to be used so
  osmium::memory::Buffer buffer(1 << 16, osmium::memory::Buffer::auto_grow::yes);
  for (int i = 1; i <= nodes; ++i) {
    osmium::builder::add_node(buffer, _id(i), _version(1), _location(11 + i * 1e-6, 49.0),
                              _tag("addr:housenumber", std::to_string(i).c_str()), _tag("addr:street", "Musterweg"));
  }
  const std::string path = folder.Path("small.osm.pbf");
  osmium::io::Writer writer{osmium::io::File{path}, osmium::io::overwrite::allow};
  writer(std::move(buffer));
  writer.close();
  return path;
}

TEST(OsmReader, ReadsPbfAndRefusesOneThatIsCut) {
  TestFolder folder;
  const std::string path = WritePbf(folder, 30000);
  CollectRows rows;
  ASSERT_TRUE(ReadInto(rows, path, {pb::IMPORT_KIND_ADDRESSES, ""}).ok());
  EXPECT_EQ(rows.rows.size(), 30000u);
  EXPECT_TRUE(rows.progress_rises);
  const std::string whole = ReadText(path);
  for (const size_t bytes : {whole.size() / 3, whole.size() - 5, size_t{3}}) {
    CollectRows cut_rows;
    const absl::Status status =
        ReadInto(cut_rows, folder.Write("cut.osm.pbf", whole.substr(0, bytes)), {pb::IMPORT_KIND_ADDRESSES, ""});
    EXPECT_EQ(base::DetailOf(status).reason, "FILE_TRUNCATED") << bytes;
    EXPECT_THAT(base::MessageOf(status), HasSubstr("fetch it again"));
  }
}

TEST(OsmReader, RefusesWhatIsNoOsmFile) {
  TestFolder folder;
  CollectRows rows;
  const ReadPlan plan{pb::IMPORT_KIND_ADDRESSES, ""};
  const auto reason = [&](const std::string& path) { return base::DetailOf(ReadInto(rows, path, plan)).reason; };
  EXPECT_EQ(reason(folder.Path("none.osm.pbf")), "FILE_NOT_FOUND");
  EXPECT_EQ(reason(folder.Write("empty.osm", "")), "FILE_EMPTY");
  EXPECT_EQ(reason(folder.Write("text.osm.pbf", "this is no pbf file at all")), "FILE_TRUNCATED");
  EXPECT_EQ(reason(folder.Write("cut.osm", ReadText(TestData("small.osm")).substr(0, 900))), "FILE_TRUNCATED");
  EXPECT_EQ(
      reason(folder.Write("order.osm",
                          "<osm version=\"0.6\"><way id=\"1\"><nd ref=\"1\"/></way><node id=\"1\" lat=\"1\" lon=\"2\"/>"
                          "</osm>")),
      "OSM_UNSORTED");
  EXPECT_EQ(base::DetailOf(ReadInto(rows, TestData("small.osm"), {pb::IMPORT_KIND_PEOPLE, ""})).reason,
            "OSM_HAS_NO_PEOPLE");
}

TEST(OsmReader, StopsWhenTheSinkSaysSo) {
  class FullSink : public CollectRows {
   public:
    absl::Status TakeRow(ImportRow) override { return absl::AbortedError("full"); }
  };
  FullSink sink;
  EXPECT_TRUE(absl::IsAborted(ReadInto(sink, TestData("small.osm"), {pb::IMPORT_KIND_ADDRESSES, ""})));
}

TEST(OsmTags, CountsFlats) {
  EXPECT_EQ(CountFlats(""), 0u);
  EXPECT_EQ(CountFlats("12"), 1u);
  EXPECT_EQ(CountFlats("1-12;14"), 13u);
  EXPECT_EQ(CountFlats("A, B ,C"), 3u);
  EXPECT_EQ(CountFlats("9-1"), 0u);
  EXPECT_EQ(CountFlats("1-999999999"), 0u);
}

}  // namespace
}  // namespace snowfield::cli
