// What a row of a vendor's file says of a row of a sheet, strictly and leniently.
#include "services/paper/keys/cells.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/status.h"

namespace snowfield::paper {
namespace {
namespace wire = canvass::v1;
constexpr FileManner kStrict{.lenient = false};
constexpr FileManner kLenient{.lenient = true};

std::vector<Column> Columns() {
  wire::Script script;
  wire::Question& support = *script.add_questions();
  support.set_code("support");
  support.set_kind(wire::QUESTION_KIND_ONE_OF);
  for (const char* answer : {"strong", "leaning", "against"}) support.add_answers(answer);
  wire::Question& issues = *script.add_questions();
  issues.set_code("issues");
  issues.set_kind(wire::QUESTION_KIND_MANY_OF);
  for (const char* answer : {"schools", "rent"}) issues.add_answers(answer);
  wire::Question& words = *script.add_questions();
  words.set_code("words");
  words.set_kind(wire::QUESTION_KIND_FREE_TEXT);
  script.add_asks(wire::ASK_KIND_VOLUNTEER);
  return ColumnsOf(script);
}

class Cells : public ::testing::Test {
 protected:
  // As short codes, or the reason of what is wrong.
  std::string Read(const std::vector<std::string>& names, const std::vector<std::string>& values,
                   const FileManner& manner = kStrict, const Lines& lines = {7, 8}) {
    const absl::StatusOr<FileColumns> columns = FileColumns::Read(names, manner);
    if (!columns.ok()) return base::DetailOf(columns.status()).reason;
    v1::FileRow row;
    for (const std::string& value : values) row.add_values(value);
    passed_over_.clear();
    const absl::StatusOr<v1::RowEntry> entry = CellReader(*columns, Columns(), manner).Read(row, lines, passed_over_);
    if (!entry.ok()) return base::DetailOf(entry.status()).reason + " " + base::DetailOf(entry.status()).field;
    return WriteKeys(*entry, Columns(), lines);
  }
  std::vector<std::string> passed_over_;
};

TEST_F(Cells, EachCellIsOneAnswerOfItsLine) {
  EXPECT_EQ(Read({"page", "row", "street", "result", "note", "1.support", "2.support", "2.volunteer", "0.words"},
                 {"SF1/1", "3", "Elm", "CV", "call later", "strong", "against", "yes", "a; b"}),
            "cv 1.a=strong 2.a=against 0.c=\"a; b\" 2.d=yes ; call later");
  EXPECT_EQ(Read({"page", "row", "result", "support"}, {"", "", "cv", "strong"}, kStrict, {7}), "cv a=strong");
  EXPECT_EQ(Read({"page", "row", "result", "support"}, {"", "", "cv", "strong"}, kStrict, {}), "cv a=strong")
      << "the household's, where nobody is known";
  EXPECT_EQ(Read({"page", "row", "result", "1.issues"}, {"", "", "cv", "rent|schools"}), "cv 1.b=rent 1.b=schools");
  EXPECT_EQ(Read({"page", "row", "result", "language"}, {"", "", "lb", "es"}), "lb lang=es");
  EXPECT_EQ(Read({"page", "row", "keys", "note"}, {"", "", "cv 2.a=strong", "soon"}), "cv 2.a=strong ; soon");
  EXPECT_EQ(Read({"page", "row", "result"}, {"", "", "-"}), "-");
  EXPECT_EQ(Read({"page", "row", "result"}, {"", "", "xx"}), "xx");
}

TEST_F(Cells, StrictTakesWhatTheSheetHas) {
  const std::vector<std::string> names = {"page", "row", "result", "1.support"};
  EXPECT_EQ(Read(names, {"", "", "cv", "Strong"}), "ANSWER_UNKNOWN 1.support");
  EXPECT_EQ(Read(names, {"", "", "cv", "str"}), "ANSWER_UNKNOWN 1.support");
  EXPECT_EQ(Read(names, {"", "", "not home", ""}), "RESULT_UNKNOWN result");
  EXPECT_EQ(Read({"page", "row", "result", "typist"}, {"", "", "cv", "K7"}), "COLUMN_UNKNOWN typist");
  EXPECT_EQ(Read({"page", "row", "result", "typist"}, {"", "", "cv", ""}), "cv") << "not filled in";
  EXPECT_EQ(Read({"Page", "row", "result"}, {}), "COLUMN_MISSING");
}

TEST_F(Cells, LenientTakesOtherWordsAndPassesOverWhatNoSheetHas) {
  const std::vector<std::string> names = {"Page", "ROW", "Result", "1.Support", "Typist"};
  EXPECT_EQ(Read(names, {"", "", "canvassed someone talked with you", "STR", "K7"}, kLenient), "RESULT_UNKNOWN result");
  EXPECT_EQ(Read(names, {"", "", "Not home", "", "K7"}, kLenient), "nh");
  EXPECT_EQ(passed_over_, std::vector<std::string>{"Typist"});
  EXPECT_EQ(Read(names, {"", "", "CANVASSED", "STR"}, kLenient), "cv 1.a=strong");
  EXPECT_EQ(Read(names, {"", "", "do_not_contact", ""}, kLenient), "dn");
  EXPECT_EQ(Read(names, {"", "", "Cv", "3"}, kLenient), "cv 1.a=against") << "by its number";
  EXPECT_EQ(Read(names, {"", "", "illegible", ""}, kLenient), "xx");
}

TEST_F(Cells, WhatCanNotBeMeantIsRefusedAndNamesTheColumn) {
  const std::vector<std::string> names = {"page", "row", "result", "support", "3.support", "keys"};
  EXPECT_EQ(Read(names, {"", "", "cv", "strong"}), "PERSON_UNCLEAR support");
  EXPECT_EQ(Read(names, {"", "", "cv", "", "strong"}), "PERSON_UNKNOWN 3.support");
  EXPECT_EQ(Read(names, {"", "", "cv", "", "strong"}, kStrict, {7, 8, 0}), "PERSON_UNKNOWN 3.support") << "has gone";
  EXPECT_EQ(Read(names, {"", "", "cv", "", "", "nh"}), "KEYS_AND_CELLS keys");
  EXPECT_EQ(Read({"page", "row", "result", "1.support"}, {"", "", "-", "strong"}), "CONTRADICTION result");
  EXPECT_EQ(Read({"page", "row", "result", "1.support", "1.support"}, {}), "COLUMN_TWICE");
  EXPECT_EQ(Read({"page", "result"}, {}), "COLUMN_MISSING");
  EXPECT_EQ(Read({"page", "row"}, {}), "COLUMN_MISSING") << "result or keys";
  EXPECT_EQ(Read(std::vector<std::string>(kFileColumnsMax + 1, ""), {}), "COLUMNS_MANY");
}

}  // namespace
}  // namespace snowfield::paper
