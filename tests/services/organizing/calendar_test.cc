// The iCalendar form of a meeting, by RFC 5545.
#include "services/organizing/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace snowfield::organizing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

db::MeetingRow Meeting() {
  db::MeetingRow row;
  row.meeting = db::MeetingId(7);
  row.kind = "house_meeting";
  row.title = "Coffee; cake, and plans";
  row.host = base::MemberId(3);
  row.place = "12 Elm Street\nring at \\Lee\\";
  row.start_time = absl::FromCivil(absl::CivilSecond(2026, 11, 28, 18, 30, 0), absl::UTCTimeZone());
  row.end_time = row.start_time + absl::Hours(2);
  row.time_zone = "America/New_York";
  row.state = "planned";
  row.sequence = 4;
  row.update_time = row.start_time - absl::Hours(30);
  return row;
}

std::string Text(const db::MeetingRow& row) {
  return MakeCalendar(base::CampaignId(2), row, row.update_time + absl::Hours(1)).text;
}

// What a reader does first: lines joined where the next one begins with a blank.
std::string Unfold(std::string text) {
  for (size_t at = 0; (at = text.find("\r\n ", at)) != std::string::npos;) text.erase(at, 3);
  return text;
}

TEST(Calendar, SaysWhenAndWhereAndHowOldItIs) {
  const std::string text = Text(Meeting());
  EXPECT_THAT(text, HasSubstr("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
  EXPECT_THAT(text, HasSubstr("\r\nUID:meeting-2-7@snowfield\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nDTSTART:20261128T183000Z\r\nDTEND:20261128T203000Z\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nDTSTAMP:20261127T133000Z\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nSEQUENCE:4\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nMETHOD:PUBLISH\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nSTATUS:CONFIRMED\r\n"));
  EXPECT_TRUE(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
}

TEST(Calendar, EscapesWhatTextMayNotHold) {
  EXPECT_THAT(Text(Meeting()), HasSubstr("\r\nSUMMARY:Coffee\\; cake\\, and plans\r\n"));
  EXPECT_THAT(Unfold(Text(Meeting())), HasSubstr("\r\nLOCATION:12 Elm Street\\nring at \\\\Lee\\\\\r\n"));
  EXPECT_EQ(EscapeText("a\r\nb\nc\rd"), "a\\nb\\nc\\nd");
  EXPECT_EQ(EscapeText(std::string("x\x01\x7Fy\tz")), "xy z");
}

TEST(Calendar, NobodyCanAddALineOfTheirOwn) {
  db::MeetingRow row = Meeting();
  row.title = "x\r\nATTENDEE:mailto:someone@example.org\r\nBEGIN:VALARM";
  EXPECT_THAT(Unfold(Text(row)), Not(HasSubstr("\r\nATTENDEE")));
  EXPECT_THAT(Unfold(Text(row)), Not(HasSubstr("\r\nBEGIN:VALARM")));
}

TEST(Calendar, FoldsLinesAtSeventyFiveOctetsAndNeverInsideACharacter) {
  for (const std::string& piece : {std::string("a"), std::string("ü"), std::string("€"), std::string("𝕏")}) {
    for (int count = 1; count <= 200; ++count) {
      std::string line = "SUMMARY:";
      for (int i = 0; i < count; ++i) line += piece;
      const std::string folded = FoldLine(line);
      size_t begin = 0;
      while (begin < folded.size()) {
        const size_t end = folded.find("\r\n", begin);
        ASSERT_NE(end, std::string::npos);
        EXPECT_LE(end - begin, static_cast<size_t>(kCalendarLineOctetsMax));
        const size_t first = begin + (begin == 0 ? 0 : 1);
        if (first < end) {
          EXPECT_NE(static_cast<unsigned char>(folded[first]) & 0xC0, 0x80) << "cut in a character";
        }
        begin = end + 2;
      }
      EXPECT_EQ(Unfold(folded), line + "\r\n");
    }
  }
}

TEST(Calendar, ACancelledMeetingTakesItselfOutOfTheCalendar) {
  db::MeetingRow row = Meeting();
  row.state = "cancelled";
  const Calendar calendar = MakeCalendar(base::CampaignId(2), row, row.update_time);
  EXPECT_THAT(calendar.text, HasSubstr("\r\nMETHOD:CANCEL\r\n"));
  EXPECT_THAT(calendar.text, HasSubstr("\r\nSTATUS:CANCELLED\r\n"));
  EXPECT_EQ(calendar.content_type, "text/calendar; charset=utf-8; method=CANCEL");
}

TEST(Calendar, WithoutAPlaceThereIsNoLocation) {
  db::MeetingRow row = Meeting();
  row.place = "";
  EXPECT_THAT(Text(row), Not(HasSubstr("LOCATION")));
}

}  // namespace
}  // namespace snowfield::organizing
