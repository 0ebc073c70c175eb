"""Publishing and withdrawing versions: who may, which key they are signed with, how a download is checked."""
