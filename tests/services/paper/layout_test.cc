#include "services/paper/print/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/services/paper/sample_packet.h"

namespace snowfield::paper {
namespace {
using ::testing::Contains;
using ::testing::Not;

bool IsInside(const Box& inner, const Box& outer) {
  constexpr double kSlack = 0.01;
  return inner.x >= outer.x - kSlack && inner.y >= outer.y - kSlack &&
         inner.x + inner.width <= outer.x + outer.width + kSlack &&
         inner.y + inner.height <= outer.y + outer.height + kSlack;
}
bool Overlap(const Box& a, const Box& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
std::vector<std::string> TextsOf(const std::vector<Sheet>& sheets) {
  std::vector<std::string> texts;
  for (const Sheet& sheet : sheets) {
    for (const TextAt& text : sheet.texts) texts.push_back(text.text);
  }
  return texts;
}

class AnyFormat : public ::testing::TestWithParam<std::tuple<PaperSize, bool>> {
 protected:
  PacketFormat format() const { return {.paper = std::get<0>(GetParam()), .large_type = std::get<1>(GetParam())}; }
};
INSTANTIATE_TEST_SUITE_P(Paper, AnyFormat,
                         ::testing::Combine(::testing::Values(PaperSize::kA4, PaperSize::kLetter), ::testing::Bool()));

TEST_P(AnyFormat, EachDoorAndPersonStandsOnOneRow) {
  const PacketContent content = tests::SamplePacket(60);
  std::vector<int64_t> doors, people;
  for (const Sheet& sheet : LayOutSheets(content, format())) {
    for (const SheetRow& row : sheet.rows) {
      doors.push_back(row.door_id);
      people.insert(people.end(), row.person_ids.begin(), row.person_ids.end());
    }
  }
  std::vector<int64_t> expected_doors, expected_people;
  for (const PacketDoor& door : content.doors) {
    expected_doors.push_back(door.door_id);
    for (const PacketPerson& person : door.people) expected_people.push_back(person.person_id);
  }
  EXPECT_EQ(doors, expected_doors) << "in walking order";
  EXPECT_EQ(people, expected_people);
}

TEST_P(AnyFormat, EveryBubbleIsOnThePageAndTouchesNoOther) {
  const PacketContent content = tests::SamplePacket(60);
  const Box body = FrameOf(format()).body;
  for (const Sheet& sheet : LayOutSheets(content, format())) {
    for (size_t i = 0; i < sheet.marks.size(); ++i) {
      EXPECT_TRUE(IsInside(sheet.marks[i].box, body)) << sheet.marks[i].sign;
      for (size_t j = 0; j < i; ++j) {
        EXPECT_FALSE(Overlap(sheet.marks[i].box, sheet.marks[j].box))
            << sheet.marks[i].sign << " of " << sheet.marks[i].door_id;
      }
    }
    for (const SheetRow& row : sheet.rows) EXPECT_TRUE(IsInside(row.box, body)) << row.door_id;
  }
}

TEST_P(AnyFormat, EachBubbleMeansOneThing) {
  const PacketContent content = tests::SamplePacket(60);
  std::set<std::tuple<int64_t, int64_t, int, int>> seen;
  size_t count = 0;
  for (const Sheet& sheet : LayOutSheets(content, format())) {
    for (const Mark& mark : sheet.marks) {
      ++count;
      EXPECT_TRUE(seen.emplace(mark.door_id, mark.person_id, mark.column, mark.choice).second);
    }
  }
  size_t expected = 0;
  for (const PacketDoor& door : content.doors) {
    if (door.pass_by.empty()) expected += content.results.size() + door.people.size() * (5 + 2 * 3);
  }
  EXPECT_EQ(count, expected);
}

TEST_P(AnyFormat, ADoorThatIsNotToBeContactedHasNothingToMark) {
  const PacketContent content = tests::SamplePacket(60);
  std::set<int64_t> marked;
  for (const Sheet& sheet : LayOutSheets(content, format())) {
    for (const Mark& mark : sheet.marks) marked.insert(mark.door_id);
  }
  for (const PacketDoor& door : content.doors) EXPECT_EQ(marked.contains(door.door_id), door.pass_by.empty());
}

TEST(Layout, DoorsStandUnderTheirStreetAndSideAndFlatsUnderTheirBuilding) {
  const auto texts = TextsOf(LayOutSheets(tests::SamplePacket(30), {}));
  EXPECT_THAT(texts, Contains("Elm Street Northeast, even side"));
  EXPECT_THAT(texts, Contains("Elm Street Northeast, odd side"));
  EXPECT_THAT(texts, Contains("200 Kingman Place Northwest"));
  EXPECT_THAT(texts, Contains("Apt 310"));
  EXPECT_THAT(texts, Not(Contains("200 Kingman Place Northwest, Apt 310")));
}

TEST(Layout, AHouseholdThatNoSheetHasRoomForGoesOnUnderItsNumber) {
  PacketContent content = tests::SamplePacket(8);
  for (int i = 0; i < 90; ++i) content.doors[0].people.push_back({.person_id = 90'000 + i, .name = "Many"});
  const auto sheets = LayOutSheets(content, {});
  std::map<int64_t, int> seen;
  int rows = 0;
  for (const Sheet& sheet : sheets) {
    for (const SheetRow& row : sheet.rows) {
      if (row.door_id != content.doors[0].door_id) continue;
      ++rows;
      for (const int64_t person : row.person_ids) ++seen[person];
    }
  }
  EXPECT_GT(rows, 1);
  EXPECT_EQ(seen.size(), content.doors[0].people.size());
}

TEST(Layout, ADoorWhereNobodyIsKnownHasALineForTheHousehold) {
  PacketContent content = tests::SamplePacket(8);
  content.doors[0].people.clear();
  const auto sheets = LayOutSheets(content, {});
  EXPECT_THAT(TextsOf(sheets), Contains("Household"));
  EXPECT_TRUE(sheets[0].rows[0].person_ids.empty());
  int answers = 0;
  for (const Mark& mark : sheets[0].marks) {
    if (mark.door_id == content.doors[0].door_id && mark.column == 1) {
      EXPECT_EQ(mark.person_id, 0);
      ++answers;
    }
  }
  EXPECT_EQ(answers, 5);
}

TEST(Layout, AListWithoutDoorsIsOneEmptySheet) {
  PacketContent content = tests::SamplePacket(8);
  content.doors.clear();
  EXPECT_EQ(LayOutSheets(content, {}).size(), 1);
}

}  // namespace
}  // namespace snowfield::paper
