# keywork_room(NAME [USES keywork_…] LINK libraries… HEAVY <header>…)
# The static library keywork_NAME from all sources below NAME/. USES is the room below it, LINK what its
# sources need, HEAVY the headers worth precompiling. Libraries are PRIVATE, as the public headers of a room
# show none; the final link gets them all the same.
function(keywork_room name)
  cmake_parse_arguments(PARSE_ARGV 1 room "" "USES" "LINK;HEAVY")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${name}/*.cpp")
  if(NOT sources)
    # A library needs one source; this one keeps the target there while the room is empty.
    set(sources "${PROJECT_BINARY_DIR}/generated/empty.cpp")
    file(CONFIGURE OUTPUT "${sources}" CONTENT "")
  endif()
  add_library(keywork_${name} STATIC ${sources})
  target_include_directories(keywork_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(keywork_${name} PUBLIC ${room_USES} PRIVATE ${room_LINK})
  target_precompile_headers(keywork_${name} PRIVATE ${room_HEAVY})
  target_compile_definitions(keywork_${name} PRIVATE KEYWORK_VERSION="${PROJECT_VERSION}")
  keywork_own_code(keywork_${name})
endfunction()
