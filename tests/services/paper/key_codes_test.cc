// What clerks key, read and written again; and marks that can't both be meant.
#include "services/paper/keys/key_codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/status.h"
#include "services/paper/keys/marks_check.h"

namespace snowfield::paper {
namespace {
namespace wire = canvass::v1;

wire::Question MakeQuestion(const std::string& code, wire::QuestionKind kind, const std::vector<std::string>& answers) {
  wire::Question question;
  question.set_code(code);
  question.set_kind(kind);
  for (const std::string& answer : answers) question.add_answers(answer);
  return question;
}

// a support 1-5, b issue, c topics, d born, e words; f volunteer, g vote plan.
std::vector<Column> Columns() {
  wire::Script script;
  *script.add_questions() = MakeQuestion("support", wire::QUESTION_KIND_SCALE, {});
  *script.add_questions() = MakeQuestion("issue", wire::QUESTION_KIND_ONE_OF, {"housing", "health", "jobs"});
  *script.add_questions() = MakeQuestion("topics", wire::QUESTION_KIND_MANY_OF, {"water", "wind"});
  *script.add_questions() = MakeQuestion("born", wire::QUESTION_KIND_DATE, {});
  *script.add_questions() = MakeQuestion("words", wire::QUESTION_KIND_FREE_TEXT, {});
  *script.add_questions() = MakeQuestion("volunteer", wire::QUESTION_KIND_ASK, {});
  script.add_asks(wire::ASK_KIND_VOLUNTEER);
  script.add_asks(wire::ASK_KIND_COME_TO_MEETING);
  script.add_asks(wire::ASK_KIND_VOTE_PLAN);
  return ColumnsOf(script);
}
const Lines kNobody, kOne = {11}, kTwo = {11, 12}, kSecondGone = {11, 0};

std::string ReasonOf(const absl::Status& status) { return base::DetailOf(status).reason; }

// Reads, checks and writes again.
std::string Again(const std::string& keys, const Lines& lines) {
  const std::vector<Column> columns = Columns();
  absl::StatusOr<v1::RowEntry> entry = ReadKeys(keys, columns, lines);
  if (!entry.ok()) return ReasonOf(entry.status());
  if (const absl::Status sound = CheckEntry(*entry, columns, lines); !sound.ok()) return ReasonOf(sound);
  if (entry->has_marks()) SetInOrder(*entry->mutable_marks(), columns, lines);
  return WriteKeys(*entry, columns, lines);
}

TEST(KeyCodes, HaveALetterForEachColumnOfTheSheet) {
  std::string letters, codes;
  for (const Column& column : Columns()) {
    letters += column.letter;
    codes += column.question.code() + " ";
  }
  EXPECT_EQ(letters, "abcdefg");
  EXPECT_EQ(codes, "support issue topics born words volunteer vote plan ") << "meetings are not on paper";
}

TEST(KeyCodes, AreReadAsTheyAreWritten) {
  EXPECT_EQ(Again("nh", kTwo), "nh");
  EXPECT_EQ(Again(" NH ", kTwo), "nh");
  EXPECT_EQ(Again("cv a2 fy", kOne), "cv a=2 f=yes");
  EXPECT_EQ(Again("cv a2 f=maybe", kNobody), "cv a=2 f=maybe") << "the household";
  EXPECT_EQ(Again("cv 0.a2", kOne), "cv 0.a=2") << "the household, though one is known";
  EXPECT_EQ(Again("cv 2.a:4 1.a2", kTwo), "cv 1.a=2 2.a=4") << "by their lines";
  EXPECT_EQ(Again("cv b3", kOne), "cv b=jobs") << "by its number";
  EXPECT_EQ(Again("cv bhou", kOne), "cv b=housing") << "by its beginning";
  EXPECT_EQ(Again("cv c=wind,water", kOne), "cv c=water c=wind") << "several, in one order";
  EXPECT_EQ(Again("cv d=1970-05-01 e=\"two dogs; a cat\"", kOne), "cv d=1970-05-01 e=\"two dogs; a cat\"");
  EXPECT_EQ(Again("lb lang=es", kOne), "lb lang=es");
  EXPECT_EQ(Again("cb ; after 5; ring twice", kOne), "cb ; after 5; ring twice");
  EXPECT_EQ(Again("-", kOne), "-");
  EXPECT_EQ(Again("xx ; coffee", kOne), "xx ; coffee");
  EXPECT_EQ(Again("cv a2", kSecondGone), "PERSON_UNCLEAR") << "lines keep their numbers";
  EXPECT_EQ(Again("cv 1.a2", kSecondGone), "cv 1.a=2");
}

TEST(KeyCodes, SayWhatIsWrong) {
  EXPECT_EQ(Again("", kOne), "KEYS_EMPTY");
  EXPECT_EQ(Again("  ; only a note", kOne), "KEYS_EMPTY");
  EXPECT_EQ(Again("zz", kOne), "RESULT_UNKNOWN");
  EXPECT_EQ(Again("a2", kOne), "RESULT_UNKNOWN");
  EXPECT_EQ(Again("- a2", kOne), "KEYS_UNKNOWN");
  EXPECT_EQ(Again("cv e=\"open", kOne), "KEYS_UNKNOWN");
  EXPECT_EQ(Again("cv h2", kOne), "COLUMN_UNKNOWN");
  EXPECT_EQ(Again("cv a6", kOne), "ANSWER_UNKNOWN");
  EXPECT_EQ(Again("cv bh", kOne), "ANSWER_UNKNOWN") << "housing or health";
  EXPECT_EQ(Again("cv a", kOne), "ANSWER_UNKNOWN");
  EXPECT_EQ(Again("cv d=1970-13-01", kOne), "ANSWER_UNKNOWN");
  EXPECT_EQ(Again("cv 3.a2", kTwo), "PERSON_UNKNOWN");
  EXPECT_EQ(Again("cv 2.a2", kSecondGone), "PERSON_UNKNOWN");
  EXPECT_EQ(Again("cv a2", kTwo), "PERSON_UNCLEAR");
  EXPECT_EQ(Again("lb", kOne), "LANGUAGE_MISSING");
  EXPECT_EQ(Again(std::string(kKeysBytesMax + 1, 'a'), kOne), "KEYS_TOO_LONG");
  EXPECT_EQ(Again("nh ; " + std::string(kPaperNoteCharactersMax + 1, 'a'), kOne), "TOO_LONG");
}

TEST(Marks, ThatCanNotBothBeMeantAreRefused) {
  for (const char* keys : {"nh a1", "in fy", "vc a3", "wa a3", "ll fn", "rf fy", "ho fm", "dn fy", "av gy", "dc a1",
                           "mv a1", "cv a1 a2", "cv b1 b2", "cv fy fn"}) {
    EXPECT_EQ(Again(keys, kOne), "CONTRADICTION") << keys;
  }
  for (const char* keys : {"rf fn", "dn a5", "av fy", "cb a2", "cv c1 c2"}) {
    EXPECT_NE(Again(keys, kOne), "CONTRADICTION") << keys;
  }
  EXPECT_EQ(Again("mv 2.a1", kTwo), "mv 2.a=1") << "the other one is still there";
  EXPECT_EQ(Again("mv 0.a1", kTwo), "CONTRADICTION");
  EXPECT_EQ(Again("cv a2 a2", kOne), "ANSWER_TWICE");
}

TEST(Marks, OfANumberAreHeldToTheBoundsOfItsQuestion) {
  wire::Script script;
  wire::Question& question = *script.add_questions() = MakeQuestion("children", wire::QUESTION_KIND_NUMBER, {});
  question.set_min(1);
  question.set_max(9);
  const std::vector<Column> columns = ColumnsOf(script);
  for (const auto& [keys, reason] :
       {std::pair("cv a=1", ""), std::pair("cv a=9", ""), std::pair("cv a=10", "ANSWER_UNKNOWN"),
        std::pair("cv a=0", "ANSWER_UNKNOWN"), std::pair("cv a=two", "ANSWER_UNKNOWN")}) {
    EXPECT_EQ(ReasonOf(CheckEntry(*ReadKeys(keys, columns, kOne), columns, kOne)), reason) << keys;
  }
}

TEST(Marks, OfAnAppAreCheckedAsThoseOfAClerk) {
  const std::vector<Column> columns = Columns();
  v1::RowEntry entry;
  EXPECT_EQ(ReasonOf(CheckEntry(entry, columns, kOne)), "KEYS_EMPTY");
  v1::Marks& marks = *entry.mutable_marks();
  EXPECT_EQ(ReasonOf(CheckEntry(entry, columns, kOne)), "RESULT_MISSING");
  marks.set_result(static_cast<wire::KnockResult>(99));
  EXPECT_EQ(ReasonOf(CheckEntry(entry, columns, kOne)), "RESULT_UNKNOWN");
  marks.set_result(wire::KNOCK_RESULT_CANVASSED);
  wire::KnockResponse& response = *marks.add_responses();
  response.set_question("nothing");
  response.set_answer("1");
  EXPECT_EQ(ReasonOf(CheckEntry(entry, columns, kOne)), "COLUMN_UNKNOWN");
  response.set_question("support");
  response.set_person_id(99);
  EXPECT_EQ(ReasonOf(CheckEntry(entry, columns, kOne)), "PERSON_UNKNOWN");
  response.set_person_id(11);
  response.set_answer(std::string("1\0", 2));
  EXPECT_EQ(ReasonOf(CheckEntry(entry, columns, kOne)), "TEXT_INVALID");
  response.set_answer("1");
  EXPECT_TRUE(CheckEntry(entry, columns, kOne).ok());
  wire::KnockAsk& ask = *marks.add_asks();
  ask.set_ask(wire::ASK_KIND_VOLUNTEER);
  EXPECT_EQ(ReasonOf(CheckEntry(entry, columns, kOne)), "ANSWER_UNKNOWN");
  ask.set_answer(wire::ASK_ANSWER_YES);
  ask.set_meeting_id(3);
  EXPECT_EQ(ReasonOf(CheckEntry(entry, columns, kOne)), "COLUMN_UNKNOWN");
}

}  // namespace
}  // namespace snowfield::paper
