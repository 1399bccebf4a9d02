#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using canvass::v1::CheckOutWalkListRequest;
using canvass::v1::CheckOutWalkListResponse;
using canvass::v1::DownloadWalkListRequest;
using canvass::v1::DownloadWalkListResponse;

class WalkLists : public testing::Test {
 protected:
  grpc::Status CheckOut(const std::string& number, CheckOutWalkListResponse* response, const std::string& token = "") {
    CheckOutWalkListRequest request;
    request.set_list_number(number);
    return field_.canvass().CheckOutWalkList(field_.As(token.empty() ? field_.phone : token).get(), request, response);
  }
  grpc::Status Download(const std::string& number, DownloadWalkListResponse* response) {
    DownloadWalkListRequest request;
    request.set_list_number(number);
    return field_.canvass().DownloadWalkList(field_.As(field_.phone).get(), request, response);
  }
  void Revoke() {
    field_.Execute(
        absl::StrCat("update walk_list set revoke_time = now() where list_number = '", field_.lists[0], "'"));
  }

  Field field_;
};

TEST_F(WalkLists, ListsThoseOfOnesLeader) {
  canvass::v1::ListMyWalkListsResponse lists;
  ASSERT_TRUE(field_.canvass().ListMyWalkLists(field_.As(field_.phone).get(), {}, &lists).ok());
  ASSERT_EQ(lists.walk_lists_size(), 1);
  EXPECT_EQ(lists.walk_lists(0).list_number(), field_.lists[0]);
  EXPECT_EQ(lists.walk_lists(0).doors(), Field::kDoorsOfFirstTurf);
  EXPECT_EQ(lists.walk_lists(0).doors_done(), 0);
  EXPECT_DOUBLE_EQ(lists.walk_lists(0).walk_length_m(), 120);
  field_.Send({field_.Knock(0), field_.Knock(1), field_.Knock(1)});
  ASSERT_TRUE(field_.canvass().ListMyWalkLists(field_.As(field_.phone).get(), {}, &lists).ok());
  EXPECT_EQ(lists.walk_lists(0).doors_done(), 2);
  // The leader's own phone sees the same; a member above both teams sees none of them.
  ASSERT_TRUE(field_.canvass().ListMyWalkLists(field_.As(field_.MakePhone(field_.leader)).get(), {}, &lists).ok());
  EXPECT_EQ(lists.walk_lists_size(), 1);
  ASSERT_TRUE(
      field_.canvass().ListMyWalkLists(field_.As(field_.MakePhone(field_.campaign.owner)).get(), {}, &lists).ok());
  EXPECT_EQ(lists.walk_lists_size(), 0);
}

TEST_F(WalkLists, PagesThem) {
  field_.Execute(absl::StrCat("update walk_list set leader_id = ", field_.leader.value));
  canvass::v1::ListMyWalkListsRequest request;
  request.set_page_size(1);
  canvass::v1::ListMyWalkListsResponse first, second;
  ASSERT_TRUE(field_.canvass().ListMyWalkLists(field_.As(field_.phone).get(), request, &first).ok());
  ASSERT_EQ(first.walk_lists_size(), 1);
  ASSERT_FALSE(first.next_page_token().empty());
  request.set_page_token(first.next_page_token());
  ASSERT_TRUE(field_.canvass().ListMyWalkLists(field_.As(field_.phone).get(), request, &second).ok());
  ASSERT_EQ(second.walk_lists_size(), 1);
  EXPECT_NE(first.walk_lists(0).list_number(), second.walk_lists(0).list_number());
  EXPECT_TRUE(second.next_page_token().empty());
}

TEST_F(WalkLists, ChecksOutForTwelveHoursAndRenews) {
  CheckOutWalkListResponse response;
  // Blanks and dashes are passed over.
  ASSERT_TRUE(CheckOut(field_.lists[0].substr(0, 4) + " - " + field_.lists[0].substr(4), &response).ok());
  EXPECT_EQ(response.list_number(), field_.lists[0]);
  EXPECT_EQ(response.doors(), Field::kDoorsOfFirstTurf);
  EXPECT_NEAR(response.expire_time().seconds(), absl::ToUnixSeconds(field_.clock.Now() + absl::Hours(12)), 2);
  field_.clock.Advance(absl::Hours(3));
  ASSERT_TRUE(CheckOut(field_.lists[0], &response).ok());
  EXPECT_NEAR(response.expire_time().seconds(), absl::ToUnixSeconds(field_.clock.Now() + absl::Hours(12)), 2);
  EXPECT_EQ(field_.Count("select count(*) from checkout"), 1);
}

TEST_F(WalkLists, SaysWhyAListCannotBeTakenOut) {
  CheckOutWalkListResponse response;
  std::string mistyped = field_.lists[0];
  mistyped[7] = mistyped[7] == '9' ? '0' : static_cast<char>(mistyped[7] + 1);
  grpc::Status status = CheckOut(mistyped, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "LIST_NUMBER_MISTYPED");
  EXPECT_EQ(FieldOf(status), "list_number");
  status = CheckOut(field_.lists[1], &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(status), "NOT_YOUR_LIST");
  Revoke();
  status = CheckOut(field_.lists[0], &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(status), "LIST_REVOKED");
  field_.Execute("delete from checkout");
  field_.Execute(absl::StrCat("delete from walk_list where list_number = '", field_.lists[0], "'"));
  status = CheckOut(field_.lists[0], &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(WalkLists, IsForPhones) {
  CheckOutWalkListResponse response;
  const grpc::Status status = CheckOut(field_.lists[0], &response, field_.leader_token);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(status), "PHONE_TOKEN_NEEDED");
}

TEST_F(WalkLists, DownloadsTheWholeInWalkingOrder) {
  field_.CheckOut(field_.phone);
  DownloadWalkListResponse list;
  const grpc::Status status = Download(field_.lists[0], &list);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(list.turf_number(), 1);
  ASSERT_EQ(list.doors_size(), Field::kDoorsOfFirstTurf);
  for (int i = 0; i < list.doors_size(); ++i) {
    EXPECT_EQ(list.doors(i).sequence(), i + 1);
    EXPECT_EQ(list.doors(i).door_id(), field_.doors[i]);
    EXPECT_EQ(list.doors(i).house_number(), absl::StrCat(100 + 2 * i));
    EXPECT_EQ(list.doors(i).street(), "Elm Street");
    EXPECT_NEAR(list.doors(i).position().longitude(), -77.03 + i * 0.0002, 1e-9);
    ASSERT_EQ(list.doors(i).people_size(), 2);
    EXPECT_EQ(list.doors(i).people(0).first_name(), "First0");
    EXPECT_GT(list.doors(i).people(0).age(), 40);
    EXPECT_EQ(list.doors(i).people(0).party(), "DEM");
  }
  EXPECT_FALSE(list.script().questions().empty());
  EXPECT_FALSE(list.script().asks().empty());
  EXPECT_EQ(list.script().questions(0).code(), "support");
  EXPECT_FALSE(list.change_token().empty());
  EXPECT_EQ(list.walk().coordinates_size(), 4);
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action = 'walk_list.download'"), 1);
}

TEST_F(WalkLists, DownloadNeedsACheckoutThatIsNotOver) {
  DownloadWalkListResponse list;
  EXPECT_EQ(ReasonOf(Download(field_.lists[0], &list)), "NOT_CHECKED_OUT");
  field_.CheckOut(field_.phone);
  EXPECT_TRUE(Download(field_.lists[0], &list).ok());
  field_.clock.Advance(absl::Hours(13));
  EXPECT_EQ(ReasonOf(Download(field_.lists[0], &list)), "NOT_CHECKED_OUT");
  field_.CheckOut(field_.phone);
  Revoke();
  EXPECT_EQ(ReasonOf(Download(field_.lists[0], &list)), "LIST_REVOKED");
}

TEST_F(WalkLists, DownloadTellsTheLastResultThatStands) {
  field_.CheckOut(field_.phone);
  canvass::v1::Knock first = field_.Knock(0);
  canvass::v1::Knock wrong = field_.Knock(1);
  wrong.set_result(canvass::v1::KNOCK_RESULT_HOSTILE);
  field_.Send({first, wrong});
  canvass::v1::Knock right = field_.Knock(1);
  right.set_result(canvass::v1::KNOCK_RESULT_REFUSED);
  right.set_corrects_knock_id(wrong.knock_id());
  // By the phone's time the correction is the earlier one; it counts all the same.
  right.mutable_phone_time()->set_seconds(wrong.phone_time().seconds() - 60);
  field_.Send({right});
  DownloadWalkListResponse list;
  ASSERT_TRUE(Download(field_.lists[0], &list).ok());
  EXPECT_EQ(list.doors(0).last_result(), canvass::v1::KNOCK_RESULT_NOT_HOME);
  EXPECT_EQ(list.doors(1).last_result(), canvass::v1::KNOCK_RESULT_REFUSED);
  EXPECT_EQ(list.doors(2).last_result(), canvass::v1::KNOCK_RESULT_UNSPECIFIED);
}

TEST_F(WalkLists, DownloadLeavesOutWhomNotToContact) {
  field_.Execute(absl::StrCat("update door set do_not_contact = true where door_id = ", field_.doors[2]));
  field_.Execute(absl::StrCat("update person set do_not_contact = true where person_id = ", field_.people[0]));
  field_.CheckOut(field_.phone);
  DownloadWalkListResponse list;
  ASSERT_TRUE(Download(field_.lists[0], &list).ok());
  EXPECT_TRUE(list.doors(2).do_not_contact());
  EXPECT_EQ(list.doors(2).people_size(), 0);
  ASSERT_EQ(list.doors(0).people_size(), 1);
  EXPECT_EQ(list.doors(0).people(0).person_id(), field_.people[1]);
  EXPECT_FALSE(list.doors(0).do_not_contact());
}

TEST_F(WalkLists, ReturnsAsOftenAsOneLikes) {
  field_.CheckOut(field_.phone);
  canvass::v1::ReturnWalkListRequest request;
  request.set_list_number(field_.lists[0]);
  canvass::v1::ReturnWalkListResponse response;
  EXPECT_TRUE(field_.canvass().ReturnWalkList(field_.As(field_.phone).get(), request, &response).ok());
  EXPECT_TRUE(field_.canvass().ReturnWalkList(field_.As(field_.phone).get(), request, &response).ok());
  DownloadWalkListResponse list;
  EXPECT_EQ(ReasonOf(Download(field_.lists[0], &list)), "NOT_CHECKED_OUT");
  field_.CheckOut(field_.phone);
  EXPECT_TRUE(Download(field_.lists[0], &list).ok());
}

}  // namespace
}  // namespace snowfield::tests
