// OrganizingTest: OrganizingService over a real server, with a campaign and its owner.
// Thread safety: as gtest says; stub and server from many threads.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "db/pg/connection.h"
#include "services/organizing/organizing_service.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace snowfield::organizing {

using access::v1::Role;

class OrganizingTest : public ::testing::Test {
 protected:
  OrganizingTest() : campaign_(tests::MakeCampaign(database_)) {
    server_ = std::make_unique<tests::TestServer>(
        database_, std::vector<std::string>{"snowfield.organizing.v1.OrganizingService"},
        [&](const access::Gate& gate) {
          return tests::OneService(std::make_unique<OrganizingService>(gate, &database_.pool()));
        });
    stub_ = v1::OrganizingService::NewStub(server_->channel());
  }

  static v1::CreateMemberRequest Request(int64_t leader_id = 0, Role role = access::v1::ROLE_LEADER) {
    v1::CreateMemberRequest request;
    request.set_request_id(base::Uuid::Random().ToString());
    request.set_display_name("Someone");
    request.set_role(role);
    request.set_leader_id(leader_id);
    return request;
  }
  grpc::Status Create(const v1::CreateMemberRequest& request, v1::Member* member, const std::string& token = "") {
    v1::CreateMemberResponse response;
    const grpc::Status status =
        stub_->CreateMember(server_->As(token.empty() ? campaign_.owner_token : token).get(), request, &response);
    *member = response.member();
    return status;
  }
  v1::Member Add(int64_t leader_id = 0, Role role = access::v1::ROLE_LEADER) {
    v1::Member member;
    const grpc::Status status = Create(Request(leader_id, role), &member);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return member;
  }
  grpc::Status Move(int64_t member_id, int64_t new_leader_id, v1::Member* member, const std::string& token = "") {
    v1::MoveMemberRequest request;
    request.set_member_id(member_id);
    request.set_new_leader_id(new_leader_id);
    v1::MoveMemberResponse response;
    const grpc::Status status =
        stub_->MoveMember(server_->As(token.empty() ? campaign_.owner_token : token).get(), request, &response);
    *member = response.member();
    return status;
  }
  v1::Member Get(int64_t member_id) {
    v1::GetMemberRequest request;
    request.set_member_id(member_id);
    v1::GetMemberResponse response;
    const grpc::Status status = stub_->GetMember(server_->As(campaign_.owner_token).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.member();
  }
  std::string TokenOf(const v1::Member& member) {
    return tests::MakeToken(database_, campaign_.campaign, base::MemberId(member.member_id()));
  }
  // For the owner, or with this token.
  std::unique_ptr<grpc::ClientContext> As(const std::string& token = "") {
    return server_->As(token.empty() ? campaign_.owner_token : token);
  }
  // The ids of a leader's direct members, in order of id.
  std::vector<int64_t> Team(int64_t leader_id) {
    v1::ListMembersRequest request;
    request.set_leader_id(leader_id);
    v1::ListMembersResponse response;
    EXPECT_TRUE(stub_->ListMembers(As().get(), request, &response).ok());
    std::vector<int64_t> team;
    for (const v1::Member& member : response.members()) team.push_back(member.member_id());
    return team;
  }
  std::vector<int64_t> AddTeam(int64_t leader_id, int count, Role role = access::v1::ROLE_CANVASSER) {
    std::vector<int64_t> team;
    for (int i = 0; i < count; ++i) team.push_back(Add(leader_id, role).member_id());
    return team;
  }
  // The number that a statement gives, with all rights.
  int64_t Count(const std::string& sql) {
    const auto connection = db::Connection::Open({.connection_string = database_.superuser_connection_string()});
    EXPECT_TRUE(connection.ok()) << connection.status();
    const db::Query query = {"test.count", sql.c_str()};
    const auto result = (*connection)->Run(query, db::Params(), {});
    EXPECT_TRUE(result.ok()) << result.status() << "\n" << sql;
    return result.ok() ? (*result)[0].Int64(0) : -1;
  }
  void Execute(const std::string& sql) {
    const auto connection = db::Connection::Open({.connection_string = database_.superuser_connection_string()});
    ASSERT_TRUE(connection.ok()) << connection.status();
    const auto result = (*connection)->RunScript(sql, {.deadline = absl::Now() + absl::Minutes(1)});
    ASSERT_TRUE(result.ok()) << result.status() << "\n" << sql;
  }

  tests::TestDatabase database_;
  tests::TestCampaign campaign_;
  std::unique_ptr<tests::TestServer> server_;
  std::unique_ptr<v1::OrganizingService::Stub> stub_;
};

}  // namespace snowfield::organizing
